// Package pass holds the rule of passes: of what an operator let every reader pass over, because the
// program can't read it. All of them stand in one stream.
package pass

import (
	"strconv"

	"sleutelbos/domain"
)

// State is what the rule needs.
type State struct {
	Over domain.Set // the places of the events that are passed over
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the stream of the passes as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound = domain.NotFound("event-not-found", "There is no event with this id at this position.")
	ErrForeign  = domain.Rule("event-foreign", "The event stands in a stream of others. Every reader passes over it already.")
	ErrReadable = domain.Rule("event-readable", "The program can read this event. Only one that it can't read is passed over.")
)

// Over lets every reader pass over an event. Foreign and Readable are what the caller found of it.
type Over struct {
	EventID, EventType, Stream, Position, Hash string
	Revision                                   int64
	AccountID                                  string // whom it concerns; empty for nobody
	Reason                                     string
	Foreign, Readable                          bool
}

func (c Over) decide(s State) ([]Event, error) {
	if err := domain.Reason(c.Reason); err != nil {
		return nil, err
	}
	switch {
	case c.Foreign:
		return nil, ErrForeign
	case s.Over.Has(placeOf(c.Stream, c.Revision)):
		return nil, nil // it is so already; nothing happened
	case c.Readable:
		return nil, ErrReadable
	}
	return []Event{Recorded{
		EventID: c.EventID, EventType: c.EventType, EventStream: c.Stream, Revision: c.Revision, Position: c.Position, Hash: c.Hash, AccountID: c.AccountID,
	}}, nil
}

// Recorded says that every reader passes over an event. Why, and who said so, is in the envelope.
type Recorded struct {
	EventID     string `json:"event_id"`
	EventType   string `json:"event_type"`
	EventStream string `json:"event_stream"`
	Revision    int64  `json:"revision"`
	Position    string `json:"position"`             // in the log in which it was recorded; a copy has another
	Hash        string `json:"digest"`               // of the event's bytes
	AccountID   string `json:"account_id,omitempty"` // whose stream it stands in
}

// Passes returns what makes the event unmistakable.
func (e Recorded) Passes() (id, stream string, revision int64, hash string) {
	return e.EventID, e.EventStream, e.Revision, e.Hash
}

func (e Recorded) evolve(s State) State {
	s.Over = s.Over.With(placeOf(e.EventStream, e.Revision))
	return s
}

func placeOf(stream string, revision int64) string {
	return stream + "@" + strconv.FormatInt(revision, 10)
}
