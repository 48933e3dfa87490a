package organization

import (
	"testing"

	"sleutelbos/domain/account"
)

func TestRestore(t *testing.T) {
	ann, down := AdminAppointed{AccountID: "ann"}, AdminStoodDown{AccountID: "ann", Because: BecauseStopped(account.BadgeBlocked)}
	t.Run("puts an administrator back into service", func(t *testing.T) {
		given(t, registered, ann, down).When(Restore{AccountID: "ann"}).Then(AdminRestored{AccountID: "ann", OldBecause: BecauseStopped(account.BadgeBlocked)})
	})
	t.Run("changes nothing for one in service", func(t *testing.T) {
		given(t, registered, ann).When(Restore{AccountID: "ann"}).ThenNothing()
	})
	t.Run("changes nothing for one who is no administrator", func(t *testing.T) {
		given(t, registered, ann, down, AdminDismissed{AccountID: "ann"}).When(Restore{AccountID: "ann"}).ThenNothing()
	})
	t.Run("is refused without an account", func(t *testing.T) {
		given(t, registered).When(Restore{}).ThenRefused(code("account-id-required"))
	})
}
