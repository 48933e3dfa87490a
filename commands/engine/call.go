package engine

import (
	"slices"
	"strconv"
	"sync"

	"github.com/google/uuid"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
)

// Call is one request under way; it collects what the request brings about. Its methods are
// safe for concurrent use, its fields belong to the command. It has more methods than other
// types because it is the whole of what a use case may do with the engine: say who may
// (Need, Reach), what the envelope says (Concerns, Because, ActAs), make ids, and change the
// vault.
type Call struct {
	Request
	engine     *Engine
	run        uuid.UUID // tells two runs of one command apart
	repeatable bool      // the command has an idempotency key: its ids follow from the key
	waiting    []waiting // claims for the command's own aggregate
	once       []string  // members of the result that are told once

	mu           sync.Mutex
	organization string // for the envelope
	about        concern
	own          string // the stream of the command's own aggregate
	streams      []StreamRevision
	position     eventstore.Position
	events       []EventRef
	states       map[string]any // of a dry run, by stream
	foreseen     map[string]any // what was read ahead, by stream
	seen         map[string]any // what was seen last, by stream
	dryKeys      *dryKeys
	hidden       bool
}

// concern is what a refusal is about.
type concern struct{ organization, account, stream string }

// Engine returns the engine that runs the call.
func (c *Call) Engine() *Engine { return c.engine }

// Need refuses an asker who has the right nowhere.
func (c *Call) Need(right rights.Right) error {
	switch {
	case c.Actor.May(right) != rights.ScopeNone:
		return nil
	case c.Actor.Kind == eventstore.ActorStranger:
		return ErrNotSignedIn
	case c.Actor.PasswordChangeRequired:
		return ErrPasswordChangeDue
	default:
		return ErrDenied
	}
}

// Reach refuses an asker whose right does not reach a thing, as if there were none. It
// takes the thing's organization into the envelope.
func (c *Call) Reach(right rights.Right, organization, account, stream string, missing error) error {
	if !c.Actor.Reaches(right, organization, account) {
		c.mu.Lock()
		c.about = concern{stream: stream}
		c.mu.Unlock()
		return missing
	}
	c.Concerns(organization, account, stream)
	return nil
}

// Concerns says what the command is about: the organization for the envelope of its events,
// all three for the record of its refusal.
func (c *Call) Concerns(organization, account, stream string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.organization, c.about = organization, concern{organization, account, stream}
}

// Hide keeps from the asker what the call brought about, because it would tell a stranger
// something.
func (c *Call) Hide() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hidden = true
}

// ActAs makes the call that of another asker, e.g. of the account whose holder a stranger
// proved to be.
func (c *Call) ActAs(p rights.Principal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Actor = p
}

// Because gives the envelope the reason of the command, where the asker gave no other.
func (c *Call) Because(reason string) {
	if c.Reason == "" {
		c.Reason = reason
	}
}

func (c *Call) envelope() eventstore.Envelope {
	c.mu.Lock()
	defer c.mu.Unlock()
	return eventstore.Envelope{
		Actor: c.Actor.Actor(), OnBehalfOf: c.OnBehalfOf, Origin: c.Origin, Outcome: eventstore.OutcomeDone,
		Reason: c.Reason, Ticket: c.Ticket, Organization: c.organization, CommandID: c.ID.String(),
		CorrelationID: c.CorrelationID, CausationID: c.CausationID, OccurredAt: c.Now,
	}
}

// eventID returns the id of the event at a revision of a stream. It is the same whenever the
// same run of a command prepares that place again, so the store recognizes a repeated append.
// It differs between two runs, because their ciphertext differs.
func (c *Call) eventID(stream string, revision int64) uuid.UUID {
	return uuid.NewSHA1(c.run, strconv.AppendInt([]byte(stream+"@"), revision, 10))
}

// MakeID returns the id of a thing about to be made that the client has not named: one that
// follows from the idempotency key, else a fresh one (fresh is true: nothing stands there yet).
// See Aggregate.NewID for what clients name.
func (c *Call) MakeID(field string) (id string, fresh bool, err error) {
	if c.repeatable {
		return uuid.NewSHA1(c.ID, []byte(field)).String(), false, nil
	}
	id7, err := uuid.NewV7()
	return id7.String(), true, err
}

// ParseID returns an id in its canonical form; false for what is no id.
func ParseID(s string) (string, bool) {
	if len(s) != 36 { // the library would take braces and prefixes too
		return "", false
	}
	id, err := uuid.Parse(s)
	return id.String(), err == nil
}

// note takes a stream into the outcome to which nothing was appended.
func (c *Call) note(stream string, revision int64, own bool) {
	c.add(stream, revision, eventstore.Position{}, nil, own)
}

func (c *Call) add(stream string, revision int64, position eventstore.Position, records []eventstore.Record, own bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if own {
		c.own = stream
	}
	if i := slices.IndexFunc(c.streams, func(r StreamRevision) bool { return r.Stream == stream }); i >= 0 {
		c.streams[i].Revision = revision
	} else {
		c.streams = append(c.streams, StreamRevision{stream, revision})
	}
	c.position = eventstore.Later(c.position, position)
	for _, r := range records {
		c.events = append(c.events, EventRef{r.ID, r.Type, stream, r.Revision})
	}
}

func (c *Call) outcome(result any) Outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hidden {
		return Outcome{CommandID: c.ID, Streams: []StreamRevision{}, Events: []EventRef{}, Result: None{}}
	}
	o := Outcome{CommandID: c.ID, Streams: []StreamRevision{}, Position: c.position, Events: []EventRef{}, Result: result}
	o.Streams, o.Events = append(o.Streams, c.streams...), append(o.Events, c.events...)
	slices.SortStableFunc(o.Streams, func(a, b StreamRevision) int { return c.rank(a) - c.rank(b) })
	return o
}

func (c *Call) rank(r StreamRevision) int {
	if r.Stream == c.own {
		return 0
	}
	return 1
}

// wouldBe returns the state of a stream after what the dry run would have appended.
func (c *Call) wouldBe(stream string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.states[stream]
	return f, ok
}

func (c *Call) would(stream string, state any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.states == nil {
		c.states = map[string]any{}
	}
	c.states[stream] = state
}
