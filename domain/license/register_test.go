package license

import "testing"

func TestRegister(t *testing.T) {
	register := Register{OrganizationID: "org", Name: "Norms", ShownInSelection: true}
	t.Run("gives an organization a license", func(t *testing.T) { given(t).When(register).Then(registered) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, registered).When(register).ThenNothing() })
	t.Run("gives everybody a license of the provider's", func(t *testing.T) {
		given(t).When(Register{OrganizationID: "org", Name: "Norms", CompanyWide: true, Approved: true}).
			Then(Registered{OrganizationID: "org", Name: "Norms", CompanyWide: true})
	})
	t.Run("is refused for everybody without the provider", func(t *testing.T) {
		given(t).When(Register{OrganizationID: "org", Name: "Norms", CompanyWide: true}).ThenRefused(ErrNotApproved)
	})
	t.Run("is refused under the id of another", func(t *testing.T) {
		given(t, registered).When(Register{OrganizationID: "org", Name: "Other"}).ThenRefused(ErrExists)
	})
	t.Run("is refused under the id of another organization's", func(t *testing.T) {
		given(t, registered).When(Register{OrganizationID: "other", Name: "Norms"}).ThenRefused(ErrExists)
	})
	t.Run("is refused without an organization", func(t *testing.T) {
		given(t).When(Register{Name: "Norms"}).ThenRefused(code("organization-id-required"))
	})
	t.Run("is refused without a name", func(t *testing.T) {
		given(t).When(Register{OrganizationID: "org"}).ThenRefused(code("name-required"))
	})
}
