package message

import "testing"

func TestResend(t *testing.T) {
	t.Run("tries again what was given up", func(t *testing.T) {
		given(t, queued, failed, givenUp).When(Resend{}).Then(Requeued{AccountID: "ann", OldAttempts: 1})
	})
	t.Run("counts the attempts anew", func(t *testing.T) {
		given(t, queued, failed, givenUp, Requeued{AccountID: "ann", OldAttempts: 1}).When(MarkFailed{Error: "timeout", Most: 3}).Then(failed)
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, queued, failed, givenUp, Requeued{AccountID: "ann", OldAttempts: 1}).When(Resend{}).ThenNothing()
	})
	t.Run("of one that is still tried changes nothing", func(t *testing.T) { given(t, queued, failed).When(Resend{}).ThenNothing() })
	t.Run("is refused once sent", func(t *testing.T) { given(t, queued, sent).When(Resend{}).ThenRefused(ErrAlreadySent) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Resend{}).ThenRefused(ErrNotFound) })
}
