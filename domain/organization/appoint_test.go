package organization

import (
	"testing"

	"sleutelbos/domain/account"
)

// TestAppoint holds N-30.
func TestAppoint(t *testing.T) {
	ann := AdminAppointed{AccountID: "ann"}
	t.Run("makes an administrator", func(t *testing.T) { given(t, registered).When(Appoint{AccountID: "ann"}).Then(ann) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, registered, ann).When(Appoint{AccountID: "ann"}).ThenNothing() })
	t.Run("puts nobody back into service who stands down", func(t *testing.T) {
		given(t, registered, ann, AdminStoodDown{AccountID: "ann", Because: BecauseStopped(account.BadgeBlocked)}).When(Appoint{AccountID: "ann"}).ThenNothing()
	})
	t.Run("again after a dismissal", func(t *testing.T) {
		given(t, registered, ann, AdminDismissed{AccountID: "ann"}).When(Appoint{AccountID: "ann"}).Then(ann)
	})
	t.Run("is refused without an account", func(t *testing.T) {
		given(t, registered).When(Appoint{}).ThenRefused(code("account-id-required"))
	})
}
