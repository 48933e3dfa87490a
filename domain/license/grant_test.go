package license

import "testing"

func TestGrant(t *testing.T) {
	grant := Grant{AccountID: "ann", OrganizationID: "org", Origin: OriginRequest, RequestID: "request-1"}
	granted := Granted{AccountID: "ann", OrganizationID: "org", Origin: OriginRequest, RequestID: "request-1"}
	t.Run("gives the license", func(t *testing.T) { given(t, registered).When(grant).Then(granted) })
	for _, origin := range []Origin{OriginAdmin, OriginCompanyWide} {
		t.Run("without a request, from "+string(origin), func(t *testing.T) {
			given(t, registered).When(Grant{AccountID: "ann", OrganizationID: "org", Origin: origin}).
				Then(Granted{AccountID: "ann", OrganizationID: "org", Origin: origin})
		})
	}
	t.Run("gives a hidden license too", func(t *testing.T) {
		given(t, Registered{OrganizationID: "org", Name: "Norms"}).When(grant).Then(granted)
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, granted).When(Grant{AccountID: "ann", OrganizationID: "org", Origin: OriginAdmin}).ThenNothing()
	})
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := Decider.Fold(State{}, registered, granted)
		after := Decider.Fold(before, Granted{AccountID: "bob"})
		if before.Holders.Len() != 1 || after.Holders.Len() != 2 {
			t.Errorf("%d holders before, %d after", before.Holders.Len(), after.Holders.Len())
		}
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(grant).ThenRefused(ErrNotFound) })
	t.Run("is refused to another organization", func(t *testing.T) {
		given(t, registered).When(Grant{AccountID: "ann", OrganizationID: "other", Origin: OriginAdmin}).ThenRefused(ErrOtherOrganization)
	})
	t.Run("is refused without an account", func(t *testing.T) {
		given(t, registered).When(Grant{OrganizationID: "org", Origin: OriginAdmin}).ThenRefused(code("account-id-required"))
	})
	t.Run("is refused from nowhere", func(t *testing.T) {
		given(t, registered).When(Grant{AccountID: "ann", OrganizationID: "org"}).ThenRefused(ErrOriginUnknown)
	})
	t.Run("is refused from a request without one", func(t *testing.T) {
		given(t, registered).When(Grant{AccountID: "ann", OrganizationID: "org", Origin: OriginRequest}).ThenRefused(code("request-id-required"))
	})
}
