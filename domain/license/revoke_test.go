package license

import "testing"

func TestRevoke(t *testing.T) {
	granted := Granted{AccountID: "ann", OrganizationID: "org", Origin: OriginAdmin}
	revoke := Revoke{AccountID: "ann", Because: BecauseTakenBack, Reason: "left the team"}
	revoked := Revoked{AccountID: "ann", OrganizationID: "org", Because: BecauseTakenBack, Reason: "left the team"}
	t.Run("takes the license back", func(t *testing.T) {
		if s := given(t, registered, granted).When(revoke).Then(revoked).State(); s.Holders.Has("ann") {
			t.Error("ann still has it")
		}
	})
	t.Run("without a reason where the account was closed", func(t *testing.T) {
		given(t, registered, granted).When(Revoke{AccountID: "ann", Because: BecauseClosed}).
			Then(Revoked{AccountID: "ann", OrganizationID: "org", Because: BecauseClosed})
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, registered, granted, revoked).When(revoke).ThenNothing() })
	t.Run("lets it be granted again", func(t *testing.T) {
		given(t, registered, granted, revoked).When(Grant{AccountID: "ann", OrganizationID: "org", Origin: OriginAdmin}).Then(granted)
	})
	t.Run("is refused without a reason", func(t *testing.T) {
		given(t, registered, granted).When(Revoke{AccountID: "ann", Because: BecauseTakenBack}).ThenRefused(code("reason-required"))
	})
	t.Run("is refused for no reason that there is", func(t *testing.T) {
		given(t, registered, granted).When(Revoke{AccountID: "ann", Because: "bored"}).ThenRefused(ErrBecauseUnknown)
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(revoke).ThenRefused(ErrNotFound) })
	t.Run("is refused without an account", func(t *testing.T) {
		given(t, registered).When(Revoke{Because: BecauseClosed}).ThenRefused(code("account-id-required"))
	})
}
