package frame

import (
	"context"
	"time"

	"sleutelbos/eventstore"
)

// Seals proves the whole log, beyond the chains of its streams.
type Seals interface {
	// Last returns the newest seal in the log; false if there is none.
	Last(ctx context.Context) (Seal, bool, error)
	// Verify reads the whole log and compares it with its seals; progress is called now
	// and then with the number of events read so far. What is wrong is in the answer; the
	// error is about reading.
	Verify(ctx context.Context, progress func(events int64)) (Verification, error)
}

// Seal is a signed checkpoint of the log.
type Seal struct {
	At       time.Time
	Size     int64               // events that it covers
	Position eventstore.Position // of the last of them
	Root     string              // of the tree over them, base64
}

// Verification is what a reading of the whole log found.
type Verification struct {
	Events   int64
	Streams  int
	Seals    int   // whose signature holds
	Outside  int   // copies of seals outside the log that were compared
	Sealed   int64 // events that the newest seal covers
	Unsealed int64 // events newer than that
	Foreign  int64 // events in streams of others
	Passed   int64 // events that are passed over
	// Overdue is since when the first of those waits, if that is longer than promised; else nil.
	Overdue  *time.Time
	Broken   int64 // events at which something is wrong
	Problems []string
}

// OK reports whether nothing is wrong.
func (v Verification) OK() bool { return v.Broken == 0 && len(v.Problems) == 0 }
