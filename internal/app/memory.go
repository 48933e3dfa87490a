package app

import (
	"os"
	"runtime/debug"
)

// collectAt is how much the heap may grow, in percent, before garbage is collected. What is
// kept is small beside what every request makes and drops, so that with Go's default of 100
// a tenth of the processors' time went there.
const collectAt = 200

// TuneMemory sets when garbage is collected, unless the environment's GOGC says so.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
}
