package account

import "testing"

// TestSendActivation holds AMB-O3 and AMB-N4.
func TestSendActivation(t *testing.T) {
	send := SendActivation{CredentialID: "link-1", ExpiresAt: later, Now: noon}
	again := SendActivation{CredentialID: "link-2", ExpiresAt: later.Add(second), Now: noon}
	resent := ActivationSent{Channel: ChannelMailLink, CredentialID: "link-2", Attempt: 2, ExpiresAt: later.Add(second)}
	afterAnEnd := resent
	afterAnEnd.OldExpiresAt = later

	t.Run("sends a link", func(t *testing.T) { given(t, created).When(send).Then(sent) })
	t.Run("sends a link and a letter", func(t *testing.T) {
		given(t, withLetter).When(SendActivation{
			CredentialID: "link-1", CodeCredentialID: "code-1", LetterID: "letter-1", ExpiresAt: later, Now: noon,
		}).Then(sentTwice)
	})
	t.Run("again, ends the one before", func(t *testing.T) {
		given(t, created, sent).When(again).Then(ActivationSuperseded{CredentialID: "link-1", OldExpiresAt: later}, resent)
	})
	t.Run("again, ends the letter's code with it", func(t *testing.T) {
		third := ActivationSent{
			Channel: ChannelMailAndLetter, CredentialID: "link-2", CodeCredentialID: "code-2", LetterID: "letter-2", Attempt: 2, ExpiresAt: later,
		}
		s := given(t, withLetter, sentTwice, ActivationCodeRejected{TriesLeft: 0}).When(SendActivation{
			CredentialID: "link-2", CodeCredentialID: "code-2", LetterID: "letter-2", ExpiresAt: later, Now: noon,
		}).Then(ActivationSuperseded{CredentialID: "link-1", CodeCredentialID: "code-1", OldExpiresAt: later}, third).State()
		if s.Activation.TriesLeft != 5 {
			t.Errorf("a new code has %d tries", s.Activation.TriesLeft)
		}
	})
	t.Run("again, a second before the end", func(t *testing.T) {
		c := again
		c.Now = later.Add(-second)
		given(t, created, sent).When(c).Then(ActivationSuperseded{CredentialID: "link-1", OldExpiresAt: later}, resent)
	})
	t.Run("again, at the end, has nothing left to end", func(t *testing.T) {
		c := again
		c.Now = later
		given(t, created, sent).When(c).Then(afterAnEnd)
	})
	t.Run("again, after the clock said so", func(t *testing.T) {
		given(t, created, sent, ActivationExpired{CredentialID: "link-1", ExpiredAt: later}).When(again).Then(afterAnEnd)
	})
	t.Run("the same twice changes nothing", func(t *testing.T) { given(t, created, sent).When(send).ThenNothing() })
	t.Run("is refused once activated", func(t *testing.T) { given(t, active()...).When(again).ThenRefused(ErrAlreadyActivated) })
	t.Run("is refused for an administrator's password", func(t *testing.T) {
		given(t, byAdmin, Activated{}).When(send).ThenRefused(ErrActivationNotApplicable)
	})
	t.Run("is refused for a program", func(t *testing.T) {
		mailed := program
		mailed.Channel = ChannelMailLink
		given(t, mailed, Activated{}).When(send).ThenRefused(ErrActivationNotApplicable)
	})
	t.Run("is refused without a credential", func(t *testing.T) {
		given(t, created).When(SendActivation{ExpiresAt: later, Now: noon}).ThenRefused(code("credential-id-required"))
	})
	t.Run("is refused with a letter and no code", func(t *testing.T) {
		given(t, withLetter).When(send).ThenRefused(code("code-credential-id-required"))
	})
	t.Run("is refused with a letter that has no id", func(t *testing.T) {
		c := send
		c.CodeCredentialID = "code-1"
		given(t, withLetter).When(c).ThenRefused(code("letter-id-required"))
	})
	t.Run("is refused if it would be over at once", func(t *testing.T) {
		c := send
		c.Now = later
		given(t, created).When(c).ThenRefused(ErrExpiryPast)
	})
}
