package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/internal/limits"
)

// Work is what a command does within its call; it returns the command's result.
type Work func(context.Context, *Call) (any, error)

// Do runs a command. A repeated idempotency key gets its first answer and appends nothing.
// A refusal of a known asker is recorded, and a stranger's is counted. A dry run needs a
// known asker; it leaves no key, and nothing but the record of its refusal.
//
// Errors: *domain.Error (a refusal), ErrStale, ErrBusy, *limits.TooMuchError,
// eventstore.ErrUnavailable, ErrOutcomeUnknown; everything else is a fault.
func (e *Engine) Do(ctx context.Context, r Request, work Work) (Outcome, error) {
	ctx, cancel := e.Patient(ctx)
	defer cancel()
	c, err := e.Begin(r)
	if err != nil {
		return Outcome{}, err
	}
	by := limits.Asker{Account: r.Actor.AccountID, Address: r.Origin.Address}
	if r.DryRun && !r.Part {
		if err := e.options.Limits.Take(limits.DryRun, by); err != nil {
			return Outcome{}, err
		}
	}
	ctx = limits.For(ctx, by)
	if !c.repeatable {
		return e.answer(ctx, c, work)
	}
	who := c.Actor.Kind + ":" + c.Actor.AccountID
	unlock, err := e.keyed.lock(ctx, who+"\x00"+r.IdempotencyKey)
	if err != nil {
		return Outcome{}, err
	}
	defer unlock()
	if late, ok := e.lately.Get(answerKey(who, r.IdempotencyKey), c.Now); ok && bytes.Equal(late.fingerprint, r.fingerprint()) {
		return late.outcome, nil
	}
	stored, found, err := e.options.Vault.Answer(ctx, who, r.IdempotencyKey)
	switch {
	case err != nil:
		return Outcome{}, fmt.Errorf("look for the first answer: %w", err)
	case found && len(stored.RequestHash) > 0 && !bytes.Equal(stored.RequestHash, r.fingerprint()): // an earlier release kept none that may stay
		return Outcome{}, e.refused(ctx, c, ErrIdempotencyReused)
	case found:
		return replay(stored.Body)
	}
	outcome, err := e.answer(ctx, c, work)
	return outcome, e.remember(ctx, c, who, outcome, err)
}

// Begin returns a call outside of Do: no answer is remembered and no refusal recorded. It is
// for what the program does by itself, and for questions that only look.
func (e *Engine) Begin(r Request) (*Call, error) {
	if r.Now.IsZero() {
		r.Now = e.options.Now()
	}
	r.Now = domain.Instant(r.Now)
	if r.DryRun && r.Actor.Kind == eventstore.ActorStranger {
		return nil, ErrNotSignedIn // it would be a way to try codes and passwords unseen
	}
	c := &Call{Request: r, engine: e, run: uuid.New(), organization: r.Actor.Organization}
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

func (e *Engine) answer(ctx context.Context, c *Call, work Work) (Outcome, error) {
	result, err := work(ctx, c)
	if err != nil {
		return Outcome{}, e.refused(ctx, c, c.unknown(err))
	}
	return c.outcome(result), nil
}

// unknown returns the error of a command that was lost after it appended something as one of which
// the outcome is not known: part of it stands.
func (c *Call) unknown(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	lost := errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
	if !lost || c.DryRun || len(c.events) == 0 || errors.Is(err, ErrOutcomeUnknown) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
}

// refused records a refusal and returns it. That of a dry run is evidence, too: it tells what is
// there as well as any other.
func (e *Engine) refused(ctx context.Context, c *Call, err error) error {
	if refusal := (*domain.Error)(nil); errors.As(err, &refusal) {
		e.refusals.note(ctx, c, refusal)
	} else if often := (*TooOftenError)(nil); errors.As(err, &often) {
		e.refusals.note(ctx, c, errTooOften)
	}
	return err
}

// errTooOften is how it is recorded that an asker tried a secret too often.
var errTooOften = domain.Denied("too-many-tries", "Tried too often.")

// Denied records that a known asker was refused at the edge, outside of a command, and
// returns the refusal.
func (e *Engine) Denied(ctx context.Context, r Request, refusal error) error {
	c, err := e.Begin(r)
	if err != nil {
		return err
	}
	return e.refused(ctx, c, refusal)
}
