package message

import "testing"

func TestMarkFailed(t *testing.T) {
	fail := MarkFailed{Error: "timeout", Most: 3}
	t.Run("counts the attempts", func(t *testing.T) {
		given(t, queued).When(fail).Then(failed)
		given(t, queued, failed).When(fail).Then(Failed{AccountID: "ann", Attempt: 2, Error: "timeout"})
	})
	t.Run("gives it up after the last", func(t *testing.T) {
		given(t, queued, Failed{AccountID: "ann", Attempt: 2, Error: "timeout"}).When(fail).
			Then(Failed{AccountID: "ann", Attempt: 3, Error: "timeout"}, GivenUp{AccountID: "ann", Attempts: 3})
	})
	t.Run("gives it up also where a crash left it after the last", func(t *testing.T) {
		given(t, queued, Failed{AccountID: "ann", Attempt: 3, Error: "timeout"}).When(fail).
			Then(Failed{AccountID: "ann", Attempt: 4, Error: "timeout"}, GivenUp{AccountID: "ann", Attempts: 4})
	})
	t.Run("gives it up at once if trying again can't help", func(t *testing.T) {
		given(t, queued).When(MarkFailed{Error: "timeout", Final: true, Most: 3}).Then(failed, GivenUp{AccountID: "ann", Attempts: 1})
	})
	t.Run("is refused once sent", func(t *testing.T) { given(t, queued, sent).When(fail).ThenRefused(ErrAlreadySent) })
	t.Run("is refused once given up", func(t *testing.T) { given(t, queued, givenUp).When(fail).ThenRefused(ErrGivenUp) })
	t.Run("is refused with the server's own text", func(t *testing.T) {
		given(t, queued).When(MarkFailed{Error: "550 <ann@voorbeeld.nl> unknown"}).ThenRefused(code("error-invalid"))
	})
	t.Run("is refused without a code", func(t *testing.T) { given(t, queued).When(MarkFailed{}).ThenRefused(code("error-required")) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(fail).ThenRefused(ErrNotFound) })
}
