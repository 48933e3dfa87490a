package failure_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/failure"
)

type panicked struct{}

func (panicked) Error() string         { return "a fold panicked" }
func (panicked) Failure() failure.Kind { return failure.Ours }

func TestOf(t *testing.T) {
	refused, away := domain.Rule("message-exists", ""), errors.New("dial tcp: connection refused")
	for name, c := range map[string]struct {
		err  error
		kind failure.Kind
		code string
	}{
		"no error":                        {nil, failure.None, ""},
		"a refusal":                       {refused, failure.Final, "message-exists"},
		"a wrapped refusal":               {fmt.Errorf("queue: %w", refused), failure.Final, "message-exists"},
		"an erased person":                {fmt.Errorf("seal: %w", eventstore.ErrKeyDestroyed), failure.Final, "key-destroyed"},
		"a secret that is gone":           {vault.ErrNotFound, failure.Final, "secret-gone"},
		"a secret that can't be opened":   {fmt.Errorf("open: %w", vault.ErrDamaged), failure.Final, "secret-damaged"},
		"a tombstoned stream":             {fmt.Errorf("append: %w", eventstore.ErrStreamDeleted), failure.Final, "stream-deleted"},
		"nobody knows what":               {fmt.Errorf("open a secret: %w", away), failure.Passing, "other"},
		"the store is away":               {fmt.Errorf("%w: %w", eventstore.ErrUnavailable, away), failure.Passing, "other"},
		"another was quicker":             {&eventstore.ConflictError{}, failure.Passing, "other"},
		"too late":                        {context.DeadlineExceeded, failure.Passing, "other"},
		"a refusal beside a disturbance":  {errors.Join(refused, away), failure.Passing, "other"},
		"two refusals":                    {errors.Join(refused, fmt.Errorf("b: %w", domain.Invalid("recipient", ""))), failure.Final, "message-exists"},
		"a fault beside a disturbance":    {errors.Join(away, fmt.Errorf("react: %w", panicked{})), failure.Ours, "other"},
		"a refusal beside an erased part": {fmt.Errorf("%w and %w", eventstore.ErrKeyUnknown, refused), failure.Final, "key-unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			if kind, code := failure.Of(c.err), failure.Code(c.err); kind != c.kind || code != c.code {
				t.Errorf("kind %d, code %q; want %d, %q", kind, code, c.kind, c.code)
			}
		})
	}
}
