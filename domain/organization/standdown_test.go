package organization

import (
	"maps"
	"testing"

	"sleutelbos/domain/account"
)

func TestStandDown(t *testing.T) {
	ann, bob := AdminAppointed{AccountID: "ann"}, AdminAppointed{AccountID: "bob"}
	for _, because := range []Because{BecauseStopped(account.BadgeBlocked), BecauseStopped(account.BadgeDisabled), BecauseStopped(account.BadgeClosed), BecauseEndDate} {
		t.Run("because "+string(because), func(t *testing.T) {
			s := given(t, registered, ann, bob).When(StandDown{AccountID: "ann", Because: because}).
				Then(AdminStoodDown{AccountID: "ann", Because: because}).State()
			if s.InService("ann") || !s.InService("bob") {
				t.Error("one who stands down is out of service, and no other")
			}
		})
	}
	t.Run("twice changes nothing", func(t *testing.T) {
		down := AdminStoodDown{AccountID: "ann", Because: BecauseStopped(account.BadgeBlocked)}
		given(t, registered, ann, bob, down).When(StandDown{AccountID: "ann", Because: BecauseStopped(account.BadgeDisabled)}).ThenNothing()
	})
	t.Run("changes nothing for one who is no administrator", func(t *testing.T) {
		given(t, registered, ann).When(StandDown{AccountID: "eve", Because: BecauseStopped(account.BadgeBlocked)}).ThenNothing()
	})
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := Decider.Fold(State{}, registered, ann)
		Decider.Fold(before, AdminStoodDown{AccountID: "ann", Because: BecauseStopped(account.BadgeBlocked)}, bob)
		if want := map[string]Because{"ann": ""}; !maps.Equal(before.Admins, want) {
			t.Errorf("a shared state changed: %v", before.Admins)
		}
	})
	t.Run("is refused without a known reason", func(t *testing.T) {
		given(t, registered, ann, bob).When(StandDown{AccountID: "ann", Because: "tired"}).ThenRefused(ErrBecauseUnknown)
	})
	t.Run("is refused without an account", func(t *testing.T) {
		given(t, registered).When(StandDown{Because: BecauseStopped(account.BadgeBlocked)}).ThenRefused(code("account-id-required"))
	})
}
