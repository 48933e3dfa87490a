package account

import "testing"

func TestRedirectMail(t *testing.T) {
	t.Run("sends the mail to the administrators", func(t *testing.T) {
		given(t, active()...).When(RedirectMail{Now: noon}).Then(MailRedirected{})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, active(MailRedirected{})...).When(RedirectMail{Now: noon}).ThenNothing()
	})
	t.Run("is refused for a closed account", func(t *testing.T) {
		given(t, active(Closed{Reason: "gone"})...).When(RedirectMail{Now: noon}).ThenRefused(ErrClosed)
	})
}

func TestEndMailRedirect(t *testing.T) {
	t.Run("sends the mail to the holder again", func(t *testing.T) {
		given(t, active(MailRedirected{})...).When(EndMailRedirect{Now: noon}).Then(MailRedirectEnded{})
	})
	t.Run("changes nothing where there is no redirect", func(t *testing.T) {
		given(t, active()...).When(EndMailRedirect{Now: noon}).ThenNothing()
	})
	t.Run("is refused while the holder has no address and is not activated", func(t *testing.T) {
		invited := created
		invited.Username, invited.Email, invited.MailToAdmin = "jan", "", true
		given(t, invited).When(EndMailRedirect{Now: noon}).ThenRefused(ErrEmailRequired)
	})
}
