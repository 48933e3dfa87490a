package licenserequest

import "testing"

func TestReject(t *testing.T) {
	t.Run("decides", func(t *testing.T) { given(t, requested).When(Reject{Reason: "no money"}).Then(rejected) })
	t.Run("needs no reason", func(t *testing.T) {
		given(t, requested).When(Reject{}).Then(Rejected{AccountID: "ann", OrganizationID: "org", LicenseID: "norms"})
	})
	t.Run("is refused after the same decision", func(t *testing.T) {
		given(t, requested, rejected).When(Reject{}).ThenRefused(ErrAlreadyDecided)
	})
	t.Run("is refused after the other decision", func(t *testing.T) {
		given(t, requested, approved).When(Reject{}).ThenRefused(ErrAlreadyDecided)
	})
	t.Run("is refused once withdrawn", func(t *testing.T) { given(t, requested, withdrawn).When(Reject{}).ThenRefused(ErrWithdrawn) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Reject{}).ThenRefused(ErrNotFound) })
	t.Run("is refused with a control character in the reason", func(t *testing.T) {
		given(t, requested).When(Reject{Reason: "a\rb"}).ThenRefused(code("reason-invalid"))
	})
}
