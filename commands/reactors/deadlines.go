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
	"sleutelbos/internal/failure"
)

// Clock ends what the time ends. Pass it by its pointer.
type Clock struct {
	access.Access
	// passed are the deadlines that can't be kept, so that they are not tried, and recorded, at every
	// turn. A new process looks again.
	passed map[deadline]bool
}

type deadline struct{ account, command string }

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
// how many it looked at; call it again as long as there are some, and not twice at once. Nobody can
// do more because it is late: the rules look at the time themselves. What is refused for good is
// recorded once, and keeps nothing behind it waiting.
func (k *Clock) Deadlines(ctx context.Context, due Due, now time.Time) (int, error) {
	limit := dueAtOnce + len(k.passed)
	activations, err := due.DueActivations(ctx, now, limit)
	if err != nil {
		return 0, fmt.Errorf("find activations that are due: %w", err)
	}
	accounts, err := due.DueAccounts(ctx, now, limit)
	if err != nil {
		return 0, fmt.Errorf("find accounts that are due: %w", err)
	}
	looked, errs := 0, []error(nil)
	end := func(ids []string, name string, command account.Command) {
		for _, id := range ids {
			if d := (deadline{id, name}); !k.passed[d] {
				looked++
				errs = append(errs, k.keep(ctx, d, command, now))
			}
		}
	}
	end(activations, "ExpireActivation", account.ExpireActivation{Now: now})
	end(accounts, "ExpireAccount", account.Expire{Now: now})
	return looked, errors.Join(errs...)
}

// keep keeps a deadline, or records that it can't be kept.
func (k *Clock) keep(ctx context.Context, d deadline, command account.Command, now time.Time) error {
	err := k.end(ctx, d.account, d.command, command, now)
	if failure.Of(err) != failure.Final {
		return err
	}
	if err := k.Engine.PassOver(ctx, engine.Undone{Part: "clock", AccountID: d.account, Stream: k.Accounts.Stream(d.account)}, err); err != nil {
		return err
	}
	if k.passed == nil {
		k.passed = map[deadline]bool{}
	}
	k.passed[d] = true
	return nil
}

func (k *Clock) end(ctx context.Context, id, name string, command account.Command, now time.Time) error {
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
