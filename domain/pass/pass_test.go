package pass

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

var (
	over     = Over{EventID: "e", EventType: "account.merged.v1", Stream: "account-1", Position: "7", Hash: "h", Revision: 3, AccountID: "1", Reason: "written by mistake"}
	recorded = Recorded{EventID: "e", EventType: "account.merged.v1", EventStream: "account-1", Position: "7", Hash: "h", Revision: 3, AccountID: "1"}
)

func TestOver(t *testing.T) {
	with := func(change func(*Over)) Over {
		c := over
		change(&c)
		return c
	}
	t.Run("lets an event pass that can't be read", func(t *testing.T) { given(t).When(over).Then(recorded) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, recorded).When(over).ThenNothing() })
	t.Run("is for one place only", func(t *testing.T) {
		next := with(func(c *Over) { c.Revision = 4 })
		given(t, recorded).When(next).Then(Recorded{EventID: "e", EventType: "account.merged.v1", EventStream: "account-1", Position: "7", Hash: "h", Revision: 4, AccountID: "1"})
	})
	t.Run("is refused for an event that can be read", func(t *testing.T) {
		given(t).When(with(func(c *Over) { c.Readable = true })).ThenRefused(ErrReadable)
	})
	t.Run("is refused in a stream of others", func(t *testing.T) {
		given(t).When(with(func(c *Over) { c.Foreign = true })).ThenRefused(ErrForeign)
	})
	t.Run("asks for a reason", func(t *testing.T) {
		given(t).When(with(func(c *Over) { c.Reason = "" })).ThenRefused(&domain.Error{Code: "reason-required"})
	})
}
