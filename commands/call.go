package commands

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/eventstore"
)

// Call is one request under way; it collects what the request brings. Its methods are
// safe for concurrent use, its fields are the command's own.
type Call struct {
	Request
	service    *Service
	run        uuid.UUID // tells two runs of one command apart
	repeatable bool      // the command has an idempotency key: its ids follow from it
	waiting    []waiting // claims for the command's own aggregate

	mu           sync.Mutex
	organization string // for the envelope
	about        concern
	own          string // the stream of the command's own aggregate
	streams      []StreamRevision
	position     eventstore.Position
	events       []EventRef
	states       map[string]any // of a dry run, by stream
	dryKeys      *dryKeys
	hidden       bool
}

// concern is what a refusal is about.
type concern struct{ organization, account, stream string }

// need refuses an asker who has the right nowhere.
func (c *Call) need(right rights.Right) error {
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

// reach refuses an asker whose right does not reach a thing, as if there were none. It
// takes the organization into the envelope.
func (c *Call) reach(right rights.Right, organization, account, stream string, missing error) error {
	if !c.Actor.Reaches(right, organization, account) {
		c.mu.Lock()
		c.about = concern{stream: stream}
		c.mu.Unlock()
		return missing
	}
	c.concerns(organization, account, stream)
	return nil
}

func (c *Call) concerns(organization, account, stream string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.organization, c.about = organization, concern{organization, account, stream}
}

// hide keeps from the asker what the call brought, because it would tell a stranger
// something.
func (c *Call) hide() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hidden = true
}

// actAs makes the call an account's own: a stranger proved to be its holder.
func (c *Call) actAs(p rights.Principal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Actor = p
}

// because gives the envelope the reason of the command, where the asker gave no other.
func (c *Call) because(reason string) {
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

// eventID is the same for the same place in the same run and for no other: the ciphertext
// of two runs of one command differs, so the store must not take one for the other's double.
func (c *Call) eventID(stream string, revision int64) uuid.UUID {
	return uuid.NewSHA1(c.run, strconv.AppendInt([]byte(stream+"@"), revision, 10))
}

// newID answers the id of a thing about to be made: the client's, else one that follows
// from the idempotency key, else a fresh one (fresh is set: nothing stands there yet).
func (c *Call) newID(field, given string) (id string, fresh bool, err error) {
	if given != "" {
		id, ok := parseID(given)
		if !ok {
			return "", false, domain.Invalid(field, "This is not a UUID.")
		}
		return id, false, nil
	}
	if c.repeatable {
		return uuid.NewSHA1(c.ID, []byte(field)).String(), false, nil
	}
	id7, err := uuid.NewV7()
	return id7.String(), true, err
}

// secretID answers a fresh id for what is kept in the vault.
func secretID() string { return uuid.NewString() }

// parseID answers an id in its canonical form; false for what is none.
func parseID(s string) (string, bool) {
	if len(s) != 36 {
		return "", false
	}
	id, err := uuid.Parse(s)
	return id.String(), err == nil
}

// note takes a stream into the answer.
func (c *Call) note(stream string, revision int64, own bool) { c.add(stream, revision, 0, nil, own) }

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
	c.position = max(c.position, position)
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

func (c *Call) keys() eventstore.Keys {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dryKeys == nil {
		c.dryKeys = &dryKeys{real: c.service.Journal.Keys}
	}
	return c.dryKeys
}

// dryKeys makes keys that are thrown away where the vault has none, so that a dry run
// leaves nothing behind.
type dryKeys struct {
	real eventstore.Keys
	mu   sync.Mutex
	made map[string]tink.AEAD
}

func (k *dryKeys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	key, err := k.real.Key(ctx, subject, false)
	if !create || !errors.Is(err, eventstore.ErrKeyUnknown) {
		return key, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if made, ok := k.made[subject]; ok {
		return made, nil
	}
	made, err := subtle.NewAESGCM(randomBytes(32))
	if err != nil {
		return nil, err
	}
	if k.made == nil {
		k.made = map[string]tink.AEAD{}
	}
	k.made[subject] = made
	return made, nil
}
