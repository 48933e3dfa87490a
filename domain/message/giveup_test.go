package message

import "testing"

func TestGiveUp(t *testing.T) {
	t.Run("ends the attempts", func(t *testing.T) {
		given(t, queued, failed).When(GiveUp{}).Then(GivenUp{AccountID: "ann", Attempts: 1})
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, queued, givenUp).When(GiveUp{}).ThenNothing() })
	t.Run("is refused once sent", func(t *testing.T) { given(t, queued, sent).When(GiveUp{}).ThenRefused(ErrAlreadySent) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(GiveUp{}).ThenRefused(ErrNotFound) })
}
