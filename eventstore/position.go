package eventstore

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
)

// Position is a place in the log. A store makes its positions itself, and they mean nothing
// to another store. They can be compared, kept and given back, but not counted with: the
// embedded log numbers its events without gaps, EventStoreDB counts the bytes before them.
//
// A position is two numbers, as EventStoreDB has it. An event stands at its commit and was
// prepared at or before it. A checkpoint of a filtered subscription may name a commit at
// which it saw no event yet and an earlier prepare, so both numbers take part in comparing
// and both are kept.
//
// The zero value is before the first event; End is after the last.
type Position struct{ commit, prepare uint64 }

// End is the position after the last event, now and later.
var End = AtCommit(math.MaxInt64)

// NewPosition returns the position of a commit and a prepare that a store named before. It
// is for the stores themselves and for whoever kept both numbers.
func NewPosition(commit, prepare uint64) Position { return Position{commit, prepare} }

// AtCommit returns the position of the event at a commit, prepared in the same place: so it
// is of every event of the embedded log and of what EventStoreDB writes today. It is for
// who was given, or kept, the commit alone: the text of a client, the key of the history.
func AtCommit(commit uint64) Position { return Position{commit, commit} }

// ParsePosition returns the position that String wrote.
func ParsePosition(text string) (Position, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err == nil && n > math.MaxInt64 {
		err = strconv.ErrRange
	}
	if err != nil {
		return Position{}, fmt.Errorf("%q is not a position: %w", text, err)
	}
	return AtCommit(n), nil
}

// Commit returns the first number: what clients see, and what tells events apart.
func (p Position) Commit() uint64 { return p.commit }

// Prepare returns the second number, for whoever keeps a position or sends it to a store.
func (p Position) Prepare() uint64 { return p.prepare }

// Compare returns -1, 0 or 1 as p stands before, at or after other.
func (p Position) Compare(other Position) int {
	return cmp.Or(cmp.Compare(p.commit, other.commit), cmp.Compare(p.prepare, other.prepare))
}

// Before reports whether p stands before other.
func (p Position) Before(other Position) bool {
	return p.commit < other.commit || p.commit == other.commit && p.prepare < other.prepare
}

// After reports whether p stands after other.
func (p Position) After(other Position) bool { return other.Before(p) }

// Equal reports whether both are the same place, as == does. Packages that compare whole
// values ask for a method.
func (p Position) Equal(other Position) bool { return p == other }

// IsZero reports whether p is before the first event.
func (p Position) IsZero() bool { return p == Position{} }

// Unseen returns the position as it is for who saw no event at it: an event that stands at the
// commit is beyond. Whatever a store says of how far it has looked is kept like this, because a
// checkpoint may name the place where the next event will stand.
func (p Position) Unseen() Position {
	if p.prepare < p.commit || p.commit == 0 {
		return p
	}
	return Position{p.commit, p.commit - 1}
}

// String returns the commit in decimal.
func (p Position) String() string { return strconv.FormatUint(p.commit, 10) }

// MarshalText returns the commit in decimal, so that a position is a string in JSON.
func (p Position) MarshalText() ([]byte, error) { return strconv.AppendUint(nil, p.commit, 10), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Position) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePosition(string(text))
	return err
}

// PartOf estimates how much of the log up to whole lies up to p, from 0 to 1, for a progress
// that is shown. Neither position may be zero.
func (p Position) PartOf(whole Position) float64 { return float64(p.commit) / float64(whole.commit) }

// Later returns the one of two positions that stands after the other.
func Later(a, b Position) Position {
	if b.After(a) {
		return b
	}
	return a
}

// Earlier returns the one of two positions that stands before the other.
func Earlier(a, b Position) Position {
	if b.Before(a) {
		return b
	}
	return a
}
