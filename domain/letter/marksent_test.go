package letter

import "testing"

func TestMarkSent(t *testing.T) {
	t.Run("records it", func(t *testing.T) { given(t, created, printed).When(MarkSent{}).Then(sent) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created, printed, sent).When(MarkSent{}).ThenNothing() })
	t.Run("twice changes nothing, also once invalid", func(t *testing.T) {
		given(t, created, printed, sent, invalid).When(MarkSent{}).ThenNothing()
	})
	t.Run("is refused before it was printed", func(t *testing.T) { given(t, created).When(MarkSent{}).ThenRefused(ErrNotPrinted) })
	t.Run("is refused once invalid", func(t *testing.T) { given(t, created, printed, invalid).When(MarkSent{}).ThenRefused(ErrInvalid) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(MarkSent{}).ThenRefused(ErrNotFound) })
}
