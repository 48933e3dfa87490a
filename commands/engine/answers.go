package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/storedjson"
)

// keepAnswers is how far back a repeated idempotency key is known.
const keepAnswers = vault.AnswerValidity

// fingerprint ties a key to one command with one body, decided on one revision.
func (r Request) fingerprint() []byte {
	return append(fmt.Appendf(nil, "%s\x00%s\x00", r.Name, r.IfMatch), r.Fingerprint...)
}

// storedAnswer is the first answer as the vault keeps it, sealed.
type storedAnswer struct {
	Outcome *storedOutcome `json:"outcome,omitempty"`
	Refusal *domain.Error  `json:"refusal,omitempty"`
}

type storedOutcome struct {
	CommandID uuid.UUID           `json:"commandId"`
	Streams   []StreamRevision    `json:"streams"`
	Position  eventstore.Position `json:"position"`
	Events    []EventRef          `json:"events"`
	Result    storedjson.Raw      `json:"result"`
}

// remember keeps the answer for whoever repeats the key. What may go better the next time (a
// store out of reach, a moved revision) is not kept. If the answer can't be kept the command
// stands, and a repetition finds its events.
func (e *Engine) remember(ctx context.Context, c *Call, who string, o Outcome, answered error) error {
	var keep storedAnswer
	switch refusal := (*domain.Error)(nil); {
	case answered == nil:
		result, err := withoutOnce(o.Result, c.once)
		if err != nil {
			return fmt.Errorf("keep the answer: %w", err)
		}
		if len(c.once) > 0 {
			e.lately.Put(answerKey(who, c.IdempotencyKey), lateAnswer{o, c.fingerprint()}, c.Now)
		}
		keep.Outcome = &storedOutcome{o.CommandID, o.Streams, o.Position, o.Events, result}
	case errors.As(answered, &refusal) && c.Actor.Kind == eventstore.ActorAccount:
		keep.Refusal = refusal
	default:
		return answered
	}
	body, err := storedjson.Marshal(keep)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		err = e.options.Vault.StoreAnswer(ctx, who, c.IdempotencyKey, vault.Answer{RequestHash: c.fingerprint(), Status: 200, Body: body})
	}
	if err != nil {
		e.options.Log.ErrorContext(ctx, "an answer could not be kept", "command", c.Name, "command_id", c.ID, "error", err)
	}
	return answered
}

// lateAnswer is an answer with a secret that was given a moment ago. Whoever sends a form twice, or
// loses the connection, is told it again; the vault keeps the answer without it.
type lateAnswer struct {
	outcome     Outcome
	fingerprint []byte
}

const (
	tellAgain   = 2 * time.Minute
	lateAnswers = 1 << 10
)

func answerKey(who, key string) string { return who + "\x00" + key }

// withoutOnce returns a result as it is kept, without the members that are told once.
func withoutOnce(result any, once []string) (storedjson.Raw, error) {
	raw, err := storedjson.Marshal(result)
	if err != nil || len(once) == 0 {
		return raw, err
	}
	var members map[string]storedjson.Raw
	if err := storedjson.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	for _, name := range once {
		delete(members, name)
	}
	return storedjson.Marshal(members)
}

func replay(body []byte) (Outcome, error) {
	var a storedAnswer
	if err := storedjson.Unmarshal(body, &a); err != nil {
		return Outcome{}, fmt.Errorf("read the first answer: %w", err)
	}
	if a.Refusal != nil {
		return Outcome{}, a.Refusal
	}
	return Outcome{a.Outcome.CommandID, a.Outcome.Streams, a.Outcome.Position, a.Outcome.Events, a.Outcome.Result}, nil
}

// Result returns the result of an outcome in its own type; after a repeated key it is read from
// the first answer.
func Result[R any](o Outcome) (R, error) {
	var read R
	switch made := o.Result.(type) {
	case R:
		return made, nil
	case storedjson.Raw:
		if err := storedjson.Unmarshal(made, &read); err != nil {
			return read, fmt.Errorf("read the first answer: %w", err)
		}
		return read, nil
	}
	return read, fmt.Errorf("the result is a %T", o.Result)
}
