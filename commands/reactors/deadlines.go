package reactors

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
)

// Clock ends what the time ends.
type Clock struct{ access.Access }

// Due finds what the clock has to end: at most limit account ids, oldest first. It may name too
// many, because the rules decide.
type Due interface {
	// DueActivations returns the accounts whose activation is over and not marked so.
	DueActivations(ctx context.Context, now time.Time, limit int) ([]string, error)
	// DueAccounts returns the accounts whose last day is over and not marked so.
	DueAccounts(ctx context.Context, now time.Time, limit int) ([]string, error)
}

const dueAtOnce = 500

// Deadlines ends the activations and accounts that are due, as events of the clock. It returns
// how many it looked at; call it again as long as there are some. Nobody can do more because it
// is late: the rules look at the time themselves.
func (k Clock) Deadlines(ctx context.Context, due Due, now time.Time) (int, error) {
	activations, err := due.DueActivations(ctx, now, dueAtOnce)
	if err != nil {
		return 0, fmt.Errorf("find activations that are due: %w", err)
	}
	accounts, err := due.DueAccounts(ctx, now, dueAtOnce)
	if err != nil {
		return 0, fmt.Errorf("find accounts that are due: %w", err)
	}
	var errs []error
	for _, id := range activations {
		errs = append(errs, k.end(ctx, id, "ExpireActivation", account.ExpireActivation{Now: now}, now))
	}
	for _, id := range accounts {
		errs = append(errs, k.end(ctx, id, "ExpireAccount", account.Expire{Now: now}, now))
	}
	return len(activations) + len(accounts), errors.Join(errs...)
}

func (k Clock) end(ctx context.Context, id, name string, command account.Command, now time.Time) error {
	commandID, err := uuid.NewV7()
	if err != nil {
		return err
	}
	c, err := k.Engine.Begin(engine.Request{ID: commandID, Name: name, Actor: rights.System("clock"), Origin: engine.SystemOrigin, Now: now})
	if err != nil {
		return err
	}
	f, err := k.Accounts.Load(ctx, id)
	if err != nil || !f.State.Exists {
		return err
	}
	c.Concerns(f.State.OrganizationID, id, k.Accounts.Stream(id))
	if _, err := k.Accounts.Decide(ctx, c, id, command, engine.Step{}); err != nil {
		return fmt.Errorf("%s of %s: %w", name, id, err)
	}
	return nil
}
