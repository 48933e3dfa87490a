package door

import (
	"errors"
	"math"

	"sleutelbos/eventstore/node/persistent"
)

// countWindow is the window of a client that names none.
const countWindow = 32

// filter says which events of $all a client wants, and how often it wants a checkpoint for
// the others.
type filter struct {
	persistent.Matcher
	set      bool
	interval uint64 // a checkpoint is due when so many events were considered
	words    string
}

// expression is a filter's expression in either of the generated packages.
type expression interface {
	GetRegex() string
	GetPrefix() []string
}

// wanted returns the filter of a request, which is about streams or about types.
func wanted(aboutStream, aboutType bool, stream, eventType expression) (persistent.Filter, error) {
	switch {
	case aboutStream == aboutType:
		return persistent.Filter{}, invalid("A filter is about stream names or about event types.")
	case aboutType:
		return persistent.Filter{ByType: true, Regex: eventType.GetRegex(), Prefixes: eventType.GetPrefix()}, nil
	default:
		return persistent.Filter{Regex: stream.GetRegex(), Prefixes: stream.GetPrefix()}, nil
	}
}

// newFilter makes a filter ready. A window or multiplier of 0 stands for the default.
func newFilter(f persistent.Filter, window, multiplier uint32) (filter, error) {
	m, err := f.Compile()
	if err != nil {
		return filter{}, requestFault(err)
	}
	if window == 0 {
		window = countWindow
	}
	interval := min(uint64(window)*uint64(max(1, multiplier)), math.MaxInt64) // a position may be added
	return filter{Matcher: m, set: true, interval: interval, words: f.String()}, nil
}

// match returns the part of the filter that the log cannot do by index, and leaves out what the
// user may not see. It is nil if every event passes.
func (f filter) match(u User) func(stream, eventType string) bool {
	match := f.Match()
	if u.Role >= Ops {
		return match
	}
	return func(stream, eventType string) bool {
		return u.maySee(stream) && (match == nil || match(stream, eventType))
	}
}

// failed returns the reason why the filter could not decide, if it could not. Then the call must
// end: going on would skip events.
func (f filter) failed() error { return requestFault(f.Err()) }

// requestFault returns the status for what is wrong with a request.
func requestFault(err error) error {
	if wrong, ok := errors.AsType[*persistent.InvalidError](err); ok {
		return invalid(wrong.Problem)
	}
	return err
}
