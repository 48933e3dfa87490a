package message

import "testing"

func TestMarkSent(t *testing.T) {
	t.Run("at the first attempt", func(t *testing.T) { given(t, queued).When(MarkSent{}).Then(sent) })
	t.Run("at the second", func(t *testing.T) { given(t, queued, failed).When(MarkSent{}).Then(Sent{AccountID: "ann", Attempt: 2}) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, queued, sent).When(MarkSent{}).ThenNothing() })
	t.Run("is refused once given up", func(t *testing.T) { given(t, queued, givenUp).When(MarkSent{}).ThenRefused(ErrGivenUp) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(MarkSent{}).ThenRefused(ErrNotFound) })
}
