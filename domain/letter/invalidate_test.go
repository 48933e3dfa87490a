package letter

import "testing"

func TestInvalidate(t *testing.T) {
	for _, because := range Reasons() {
		t.Run(string(because), func(t *testing.T) {
			given(t, created, printed, sent).When(Invalidate{because}).Then(Invalidated{AccountID: "ann", Because: because})
		})
	}
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created, invalid).When(Invalidate{BecauseExpired}).ThenNothing() })
	t.Run("is refused without a known reason", func(t *testing.T) {
		given(t, created).When(Invalidate{"lost"}).ThenRefused(ErrBecauseUnknown)
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Invalidate{BecauseExpired}).ThenRefused(ErrNotFound) })
}
