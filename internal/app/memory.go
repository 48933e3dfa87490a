package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// keptBytes is what the heap had after the last collection.
const keptBytes = "/gc/heap/live:bytes"

// How much the heap may grow, in percent, before garbage is collected. What a small installation
// keeps is little beside what every request makes and drops, so that with Go's default of 100 a
// tenth of the processors' time went there. So there may be some mostGarbage, whether little is kept
// or much: in percent that is more of little. Where even more is kept, there may be as much as that.
const (
	collectAtMost  = 400
	collectAtLeast = 100
	mostGarbage    = 128 << 20 // bytes
)

// tuneEvery is how often it is looked how much is kept; that changes slowly.
const tuneEvery = 5 * time.Second

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

// TuneMemory sets when garbage is collected until the context ends, unless the environment's GOGC
// says so.
func TuneMemory(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(collectAtMost)
	go func() {
		tick := time.NewTicker(tuneEvery)
		defer tick.Stop()
		kept := []metrics.Sample{{Name: keptBytes}}
		for now := collectAtMost; ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			metrics.Read(kept)
			if want := collectAt(kept[0].Value.Uint64()); want != now {
				now = want
				debug.SetGCPercent(now)
			}
		}
	}()
}

// collectAt returns by how many percent the heap may grow that keeps so many bytes.
func collectAt(kept uint64) int {
	return int(min(max(100*mostGarbage/max(kept, 1), collectAtLeast), collectAtMost))
}
