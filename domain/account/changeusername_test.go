package account

import "testing"

func TestChangeUsername(t *testing.T) {
	change := ChangeUsername{Username: "piet@voorbeeld.nl", UsernameReservation: "username-2", Now: noon}
	changed := UsernameChanged{
		Username: "piet@voorbeeld.nl", OldUsername: "jan@voorbeeld.nl", UsernameReservation: "username-2", OldUsernameReservation: "username-1",
	}
	t.Run("gives another username", func(t *testing.T) { given(t, active()...).When(change).Then(changed) })
	t.Run("ends an activation that went to the old address", func(t *testing.T) {
		given(t, created, sent).When(change).Then(ActivationSuperseded{CredentialID: "link-1", OldExpiresAt: later}, changed)
	})
	t.Run("leaves one that is over", func(t *testing.T) {
		c := change
		c.Now = later
		given(t, created, sent).When(c).Then(changed)
	})
	t.Run("leaves one that an administrator got", func(t *testing.T) {
		redirected := created
		redirected.MailToAdmin = true
		given(t, redirected, sent).When(change).Then(changed)
	})
	t.Run("the same twice changes nothing", func(t *testing.T) {
		given(t, active()...).When(ChangeUsername{Username: "jan@voorbeeld.nl", UsernameReservation: "username-1", Now: noon}).ThenNothing()
	})
	t.Run("in another spelling under the same claim", func(t *testing.T) {
		spelled := changed
		spelled.Username, spelled.UsernameReservation = "Jan@voorbeeld.nl", "username-1"
		given(t, active()...).When(ChangeUsername{Username: "Jan@voorbeeld.nl", UsernameReservation: "username-1", Now: noon}).Then(spelled)
	})
	t.Run("need be no address once activated, or for an administrator's password", func(t *testing.T) {
		short := ChangeUsername{Username: "piet", UsernameReservation: "username-2", Now: noon}
		changed := changed
		changed.Username = "piet"
		given(t, active()...).When(short).Then(changed)
		changed.OldUsername = "jan"
		given(t, byAdmin).When(short).Then(changed)
	})
	t.Run("is refused for none", func(t *testing.T) {
		given(t, active()...).When(ChangeUsername{UsernameReservation: "username-2"}).ThenRefused(code("username-required"))
	})
	t.Run("is refused without a claim", func(t *testing.T) {
		given(t, active()...).When(ChangeUsername{Username: "piet"}).ThenRefused(code("username-reservation-required"))
	})
	t.Run("is refused if no mail could reach the holder", func(t *testing.T) {
		given(t, created).When(ChangeUsername{Username: "piet", UsernameReservation: "username-2"}).ThenRefused(ErrEmailRequired)
	})
}
