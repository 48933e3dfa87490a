package audit

import (
	"fmt"
	"time"

	"sleutelbos/eventstore"
)

// Options are the settings of a verification.
type Options struct {
	Keys     []string                                         // public keys of the seals; without any, seals are only counted
	Dir      string                                           // the data folder with the notes outside; empty: none are compared
	Registry *eventstore.Registry                             // streams that are not its own are counted and not verified; nil: all are
	Progress func(events int64, position eventstore.Position) // called every 10,000 events; may be nil
}

// maxProblems is how many problems a report names. The others are counted in Broken.
const maxProblems = 1000

// Report is what a verification found.
type Report struct {
	Events   int64               // events read, seals included
	Foreign  int64               // of them in streams that are not ours
	Passed   int64               // of them such that an operator lets every reader pass over
	Streams  int                 // streams that have events
	Position eventstore.Position // of the last event read
	Seals    int                 // seals whose signature holds, in the log or outside it
	Outside  int                 // notes outside the log that were compared
	Sealed   int64               // events that the newest seal covers
	Unsealed int64               // events newer than that, whose removal nobody could see
	Oldest   time.Time           // when the first of those was recorded; zero if there are none
	Broken   int64               // events at which something is wrong
	Problems []Problem           // the first of each stream, streams first that are named; at most 1,000
}

// Overdue reports whether events have waited for a seal for longer than the schedule promises. The log
// may be as it was written, and nobody could tell if its end were not.
func (r Report) Overdue(now time.Time) bool {
	return r.Unsealed > 0 && now.Sub(r.Oldest) > SealedWithin
}

// SealedWithin is how long an event waits for its seal at most: a running program seals every hour, and
// at its stop.
const SealedWithin = 2 * time.Hour

// OK reports whether the verification found nothing wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// Problem is one thing that is wrong with the log.
type Problem struct {
	Stream   string // empty if no stream can be named
	Revision int64  // of the first event concerned
	What     string
}

func (p Problem) String() string {
	if p.Stream == "" {
		return p.What
	}
	return fmt.Sprintf("%s revision %d: %s", p.Stream, p.Revision, p.What)
}
