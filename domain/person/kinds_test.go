package person

import "testing"

func TestExternalContact(t *testing.T) {
	clb := ExternalContactRegistered{ExternalOrganization: "CLB Gent", Function: "arts"}
	t.Run("is of another organization (I-9)", func(t *testing.T) {
		given(t, registered).When(RegisterExternalContact{Contact{"CLB Gent", "arts"}}).Then(clb)
	})
	t.Run("has another function there", func(t *testing.T) {
		given(t, registered, clb).When(RegisterExternalContact{Contact{"CLB Gent", ""}}).Then(
			ExternalContactRegistered{ExternalOrganization: "CLB Gent", OldExternalOrganization: "CLB Gent", OldFunction: "arts"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, clb).When(RegisterExternalContact{Contact{"CLB Gent", "arts"}}).ThenNothing()
	})
	t.Run("is refused without an organization", func(t *testing.T) {
		given(t, registered).When(RegisterExternalContact{Contact{"", "arts"}}).ThenRefused(code("external-organization-required"))
	})
	t.Run("ends", func(t *testing.T) {
		given(t, registered, clb).When(EndExternalContact{}).Then(ExternalContactEnded{OldExternalOrganization: "CLB Gent", OldFunction: "arts"})
		given(t, registered).When(EndExternalContact{}).ThenNothing()
	})
}

func TestVolunteer(t *testing.T) {
	t.Run("is active", func(t *testing.T) { given(t, registered).When(ActivateVolunteer{}).Then(VolunteerActivated{}) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, registered, VolunteerActivated{}).When(ActivateVolunteer{}).ThenNothing() })
	t.Run("stops", func(t *testing.T) {
		given(t, registered, VolunteerActivated{}).When(DeactivateVolunteer{}).Then(VolunteerDeactivated{})
		given(t, registered).When(DeactivateVolunteer{}).ThenNothing()
	})
}

func TestShield(t *testing.T) {
	t.Run("keeps what is known of the person (R-21)", func(t *testing.T) {
		given(t, registered).When(Shield{Reason: "staff"}).Then(Shielded{Reason: "staff"})
		given(t, registered, Shielded{Reason: "staff"}).When(Shield{Reason: "again"}).ThenNothing()
	})
	t.Run("is refused without a reason", func(t *testing.T) { given(t, registered).When(Shield{}).ThenRefused(code("reason-required")) })
	t.Run("is lifted", func(t *testing.T) {
		given(t, registered, Shielded{Reason: "staff"}).When(Unshield{}).Then(Unshielded{})
		given(t, registered).When(Unshield{}).ThenNothing()
	})
}
