package account

import (
	"errors"
	"testing"
)

func TestActivate(t *testing.T) {
	now := Activate{CredentialID: "link-1", PasswordCredentialID: "password-1", Now: noon}
	at := now
	withCode := now
	withCode.CodeOK = true

	t.Run("gives the account its password", func(t *testing.T) {
		s := given(t, created, sent).When(now).Then(chosen, Activated{}).State()
		if !s.CanLogIn(noon) || s.PasswordID != "password-1" {
			t.Errorf("not usable: %v", s.LoginRefusal(noon))
		}
	})
	t.Run("a second before the end", func(t *testing.T) {
		at.Now = later.Add(-second)
		given(t, created, sent).When(at).Then(chosen, Activated{})
	})
	t.Run("is refused at the end", func(t *testing.T) {
		at.Now = later
		given(t, created, sent).When(at).ThenRefused(ErrActivationExpired)
	})
	t.Run("with the code from the letter", func(t *testing.T) {
		given(t, withLetter, sentTwice).When(withCode).Then(chosen, Activated{})
	})
	t.Run("is refused without the code", func(t *testing.T) {
		given(t, withLetter, sentTwice).When(now).ThenRefused(ErrCodeWrong)
	})
	t.Run("with the code at the last try", func(t *testing.T) {
		given(t, withLetter, sentTwice, ActivationCodeRejected{TriesLeft: 1}).When(withCode).Then(chosen, Activated{})
	})
	t.Run("is refused once the code is void, though it is right", func(t *testing.T) {
		given(t, withLetter, sentTwice, ActivationCodeRejected{TriesLeft: 0}).When(withCode).ThenRefused(ErrCodeVoid)
	})
	t.Run("is refused twice", func(t *testing.T) { given(t, active()...).When(now).ThenRefused(ErrAlreadyActivated) })
	t.Run("is refused with an older link", func(t *testing.T) {
		newer := ActivationSent{Channel: ChannelMailLink, CredentialID: "link-2", Attempt: 2, ExpiresAt: later}
		given(t, created, sent, ActivationSuperseded{CredentialID: "link-1"}, newer).When(now).ThenRefused(ErrActivationSuperseded)
	})
	t.Run("is refused where nothing was sent", func(t *testing.T) { given(t, created).When(now).ThenRefused(ErrActivationSuperseded) })
	t.Run("is refused while blocked", func(t *testing.T) {
		given(t, created, sent, Blocked{Reason: "r"}).When(now).ThenRefused(ErrBlocked)
	})
	t.Run("is refused while disabled", func(t *testing.T) {
		given(t, created, sent, Disabled{Reason: "r"}).When(now).ThenRefused(ErrDisabled)
	})
	t.Run("is refused after the last day", func(t *testing.T) {
		given(t, created, sent, ValiditySet{ValidUntil: "2026-03-01", EndsAt: noon}).When(now).ThenRefused(ErrExpired)
	})
	t.Run("is refused without a link", func(t *testing.T) {
		given(t, created, sent).When(Activate{PasswordCredentialID: "p", Now: noon}).ThenRefused(code("credential-id-required"))
	})
	t.Run("is refused without a password", func(t *testing.T) {
		given(t, created, sent).When(Activate{CredentialID: "link-1", Now: noon}).ThenRefused(code("password-credential-id-required"))
	})
	t.Run("is refused on opening the page, where there is none", func(t *testing.T) {
		if err := (State{}).MayActivate("", noon); !errors.Is(err, ErrNotFound) {
			t.Error(err)
		}
	})
}
