package app

import (
	"os"
	"runtime/debug"
)

// collectAt is how much the heap may grow, in percent, before garbage is collected. What is
// kept is small beside what every request makes and drops, so that with Go's default of 100
// a tenth of the processors' time went there.
const collectAt = 200

// onceThrough is how large the heap of a command that goes through the whole log may grow before
// garbage is collected more often. What such a command holds at once is less, whatever the size of
// the log; the limit keeps what it drops from piling up.
const onceThrough = 160 << 20

// KeepSmall has a command that goes through the log once take little memory, until it calls what
// KeepSmall returns. The environment's GOMEMLIMIT comes before it.
func KeepSmall() (end func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	before := debug.SetMemoryLimit(onceThrough)
	return func() { debug.SetMemoryLimit(before) }
}

// TuneMemory sets when garbage is collected, unless the environment's GOGC says so.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
}
