package account

import "testing"

// TestRejectCode holds AMB-O2.
func TestRejectCode(t *testing.T) {
	wrong := RejectCode{CredentialID: "link-1", Now: noon}
	t.Run("counts down from five", func(t *testing.T) {
		given(t, withLetter, sentTwice).When(wrong).Then(ActivationCodeRejected{TriesLeft: 4, OldTriesLeft: 5})
	})
	t.Run("the fifth makes the code void and leaves the account", func(t *testing.T) {
		s := given(t, withLetter, sentTwice, ActivationCodeRejected{TriesLeft: 1}).When(wrong).Then(ActivationCodeRejected{TriesLeft: 0, OldTriesLeft: 1}).State()
		if s.Closed || s.Blocked || s.Disabled {
			t.Error("a wrong code stopped the account")
		}
	})
	t.Run("is refused after that", func(t *testing.T) {
		given(t, withLetter, sentTwice, ActivationCodeRejected{TriesLeft: 0}).When(wrong).ThenRefused(ErrCodeVoid)
	})
	t.Run("is refused at the end", func(t *testing.T) {
		given(t, withLetter, sentTwice).When(RejectCode{CredentialID: "link-1", Now: later}).ThenRefused(ErrActivationExpired)
	})
	t.Run("is refused with another link", func(t *testing.T) {
		given(t, withLetter, sentTwice).When(RejectCode{CredentialID: "link-0", Now: noon}).ThenRefused(ErrActivationSuperseded)
	})
	t.Run("is refused once activated", func(t *testing.T) {
		given(t, withLetter, sentTwice, chosen, Activated{}).When(wrong).ThenRefused(ErrAlreadyActivated)
	})
	t.Run("is refused where there is no letter", func(t *testing.T) {
		given(t, created, sent).When(wrong).ThenRefused(ErrActivationNotApplicable)
	})
	t.Run("is refused without a link", func(t *testing.T) {
		given(t, withLetter, sentTwice).When(RejectCode{Now: noon}).ThenRefused(code("credential-id-required"))
	})
}
