package organization

import (
	"testing"

	"sleutelbos/domain/account"
)

func TestDismiss(t *testing.T) {
	ann, bob := AdminAppointed{AccountID: "ann"}, AdminAppointed{AccountID: "bob"}
	t.Run("one who stands down, also as the last", func(t *testing.T) {
		down := AdminStoodDown{AccountID: "ann", Because: BecauseStopped(account.BadgeClosed)}
		given(t, registered, ann, down).When(Dismiss{AccountID: "ann"}).Then(AdminDismissed{AccountID: "ann"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, ann, bob, AdminDismissed{AccountID: "bob"}).When(Dismiss{AccountID: "bob"}).ThenNothing()
	})
	t.Run("is refused without an account", func(t *testing.T) {
		given(t, registered, ann).When(Dismiss{}).ThenRefused(code("account-id-required"))
	})
}
