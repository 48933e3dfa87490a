package license

import "testing"

func TestApproveCompanyWide(t *testing.T) {
	t.Run("lets the license become company-wide", func(t *testing.T) {
		given(t, registered).When(ApproveCompanyWide{}).Then(CompanyWideApproved{})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, CompanyWideApproved{}).When(ApproveCompanyWide{}).ThenNothing()
	})
	t.Run("is so from the beginning where everybody has it", func(t *testing.T) {
		given(t, Registered{OrganizationID: "org", Name: "Norms", CompanyWide: true}).When(ApproveCompanyWide{}).ThenNothing()
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(ApproveCompanyWide{}).ThenRefused(ErrNotFound) })
}

func TestEnableCompanyWide(t *testing.T) {
	t.Run("gives it to everybody", func(t *testing.T) {
		given(t, registered, CompanyWideApproved{}).When(EnableCompanyWide{}).Then(CompanyWideEnabled{})
	})
	t.Run("again after it ended", func(t *testing.T) {
		given(t, registered, CompanyWideApproved{}, CompanyWideEnabled{}, CompanyWideDisabled{}).When(EnableCompanyWide{}).Then(CompanyWideEnabled{})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, CompanyWideApproved{}, CompanyWideEnabled{}).When(EnableCompanyWide{}).ThenNothing()
	})
	t.Run("is refused before the provider approved it", func(t *testing.T) {
		given(t, registered).When(EnableCompanyWide{}).ThenRefused(ErrNotApproved)
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(EnableCompanyWide{}).ThenRefused(ErrNotFound) })
}

func TestDisableCompanyWide(t *testing.T) {
	wide := []Event{registered, CompanyWideApproved{}, CompanyWideEnabled{}}
	holds := func(id string) Event { return Granted{AccountID: id, OrganizationID: "org", Origin: OriginAdmin} }
	kept := func(id string) Event { return Granted{AccountID: id, OrganizationID: "org", Origin: OriginConverted} }
	lost := Revoked{AccountID: "bob", OrganizationID: "org", Because: BecauseTakenBack, Reason: "left the team"}
	t.Run("leaves everybody who had it with a license of their own", func(t *testing.T) {
		s := given(t, wide...).When(DisableCompanyWide{AccountIDs: []string{"ann", "bob"}}).Then(kept("ann"), kept("bob"), CompanyWideDisabled{}).State()
		if s.CompanyWide || s.Holders.Len() != 2 || !s.CompanyWideApproved {
			t.Errorf("it is %+v", s)
		}
	})
	t.Run("gives no second one to whoever has one", func(t *testing.T) {
		given(t, append(wide, holds("ann"))...).When(DisableCompanyWide{AccountIDs: []string{"ann", "bob"}}).Then(kept("bob"), CompanyWideDisabled{})
	})
	t.Run("counts whoever lost an own one while everybody had it", func(t *testing.T) {
		given(t, append(wide, holds("bob"), lost)...).When(DisableCompanyWide{AccountIDs: []string{"bob"}}).Then(kept("bob"), CompanyWideDisabled{})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, append(wide, CompanyWideDisabled{})...).When(DisableCompanyWide{AccountIDs: []string{"ann"}}).ThenNothing()
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(DisableCompanyWide{}).ThenRefused(ErrNotFound) })
}

func TestConvert(t *testing.T) {
	past := []Event{registered, CompanyWideApproved{}, CompanyWideEnabled{}, CompanyWideDisabled{}}
	kept := Granted{AccountID: "bob", OrganizationID: "org", Origin: OriginConverted}
	lost := Revoked{AccountID: "bob", OrganizationID: "org", Because: BecauseTakenBack, Reason: "left the team"}
	convert := Convert{AccountIDs: []string{"bob"}}
	t.Run("gives it to whoever was left out", func(t *testing.T) { given(t, past...).When(convert).Then(kept) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, append(past, kept)...).When(convert).ThenNothing() })
	t.Run("gives nothing back that was taken since", func(t *testing.T) {
		given(t, append(past, kept, lost)...).When(convert).ThenNothing()
	})
	t.Run("changes nothing while everybody has it again", func(t *testing.T) {
		given(t, append(past, CompanyWideEnabled{})...).When(convert).ThenNothing()
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(convert).ThenRefused(ErrNotFound) })
}
