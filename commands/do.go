package commands

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// keepAnswers is how far back a repeated idempotency key is known.
const keepAnswers = vault.AnswerValidity

// Do runs a command: a repeated idempotency key gets its first answer and appends nothing,
// a refusal of a known asker is recorded, what a stranger was refused is counted. A dry
// run needs a known asker, records nothing and leaves no key.
func (s *Service) Do(ctx context.Context, r Request, run func(context.Context, *Call) (any, error)) (Outcome, error) {
	ctx, cancel := s.patient(ctx)
	defer cancel()
	c, err := s.begin(r)
	if err != nil {
		return Outcome{}, err
	}
	if !c.repeatable {
		return s.answer(ctx, c, run)
	}
	who := c.Actor.Kind + ":" + c.Actor.AccountID
	unlock, err := s.keyed.lock(ctx, who+"\x00"+r.IdempotencyKey)
	if err != nil {
		return Outcome{}, err
	}
	defer unlock()
	stored, found, err := s.Vault.Answer(ctx, who, r.IdempotencyKey)
	switch {
	case err != nil:
		return Outcome{}, fmt.Errorf("look for the first answer: %w", err)
	case found && !bytes.Equal(stored.RequestHash, r.fingerprint()):
		return Outcome{}, s.refused(ctx, c, ErrIdempotencyReused)
	case found:
		return replay(stored.Body)
	}
	outcome, err := s.answer(ctx, c, run)
	return outcome, s.remember(ctx, c, who, outcome, err)
}

// patient gives the context a deadline if it has none.
func (s *Service) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, s.Patience)
}

func (s *Service) begin(r Request) (*Call, error) {
	if r.Now.IsZero() {
		r.Now = s.Now()
	}
	r.Now = domain.Instant(r.Now)
	if r.DryRun && r.Actor.Kind == eventstore.ActorStranger {
		return nil, ErrNotSignedIn // it would be a way to try codes and passwords unseen
	}
	c := &Call{Request: r, service: s, run: uuid.New(), organization: r.Actor.Organization}
	c.repeatable = r.IdempotencyKey != "" && !r.DryRun
	switch {
	case c.repeatable:
		c.ID = uuid.NewSHA1(commandNames, []byte(r.Actor.Kind+":"+r.Actor.AccountID+"\x00"+r.IdempotencyKey))
	case r.ID == uuid.Nil:
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("make a command id: %w", err)
		}
		c.ID = id
	}
	return c, nil
}

// commandNames is the namespace of the ids of commands with an idempotency key.
var commandNames = uuid.MustParse("6f5d3c0e-3d5c-5c0f-9d0c-2a4d6f1b7e90")

// fingerprint ties a key to one command with one body, decided on one revision.
func (r Request) fingerprint() []byte {
	match := int64(-1)
	if r.IfMatch != nil {
		match = *r.IfMatch
	}
	return append(fmt.Appendf(nil, "%s\x00%d\x00", r.Name, match), r.Fingerprint...)
}

func (s *Service) answer(ctx context.Context, c *Call, run func(context.Context, *Call) (any, error)) (Outcome, error) {
	result, err := run(ctx, c)
	if err != nil {
		return Outcome{}, s.refused(ctx, c, err)
	}
	return c.outcome(result), nil
}

// refused records a refusal and answers it.
func (s *Service) refused(ctx context.Context, c *Call, err error) error {
	if refusal := (*domain.Error)(nil); errors.As(err, &refusal) && !c.DryRun {
		s.refusals.note(ctx, c, refusal)
	}
	return err
}

// Denied records that a known asker was refused at the edge, outside of a command, and
// answers the refusal.
func (s *Service) Denied(ctx context.Context, r Request, refusal error) error {
	c, err := s.begin(r)
	if err != nil {
		return err
	}
	return s.refused(ctx, c, refusal)
}

// storedAnswer is the first answer as the vault keeps it, sealed.
type storedAnswer struct {
	Outcome *storedOutcome `json:"outcome,omitempty"`
	Refusal *domain.Error  `json:"refusal,omitempty"`
}

type storedOutcome struct {
	CommandID uuid.UUID           `json:"commandId"`
	Streams   []StreamRevision    `json:"streams"`
	Position  eventstore.Position `json:"position,string"`
	Events    []EventRef          `json:"events"`
	Result    jsontext.Value      `json:"result"`
}

// remember keeps the answer for who repeats the key. What may go better the next time (a
// store out of reach, a moved revision) is no answer. If it can't be kept the command
// stands, and a repetition finds its events.
func (s *Service) remember(ctx context.Context, c *Call, who string, o Outcome, answered error) error {
	var keep storedAnswer
	switch refusal := (*domain.Error)(nil); {
	case answered == nil:
		result, err := json.Marshal(o.Result)
		if err != nil {
			return fmt.Errorf("keep the answer: %w", err)
		}
		keep.Outcome = &storedOutcome{o.CommandID, o.Streams, o.Position, o.Events, result}
	case errors.As(answered, &refusal) && c.Actor.Kind == eventstore.ActorAccount:
		keep.Refusal = refusal
	default:
		return answered
	}
	body, err := json.Marshal(keep)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		err = s.Vault.StoreAnswer(ctx, who, c.IdempotencyKey, vault.Answer{RequestHash: c.fingerprint(), Status: 200, Body: body})
	}
	if err != nil {
		s.Log.ErrorContext(ctx, "an answer could not be kept", "command", c.Name, "command_id", c.ID, "error", err)
	}
	return answered
}

func replay(body []byte) (Outcome, error) {
	var a storedAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return Outcome{}, fmt.Errorf("read the first answer: %w", err)
	}
	if a.Refusal != nil {
		return Outcome{}, a.Refusal
	}
	return Outcome{a.Outcome.CommandID, a.Outcome.Streams, a.Outcome.Position, a.Outcome.Events, a.Outcome.Result}, nil
}
