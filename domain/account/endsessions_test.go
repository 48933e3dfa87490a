package account

import "testing"

func TestEndSessions(t *testing.T) {
	t.Run("ends what was opened before, each time", func(t *testing.T) {
		given(t, created).When(EndSessions{Kept: "s"}).Then(SessionsEnded{KeptSession: "s"})
		given(t, created, SessionsEnded{}).When(EndSessions{}).Then(SessionsEnded{})
		before, after := Decider.Fold(State{}, created), Decider.Fold(State{}, created, SessionsEnded{})
		if after.Epoch != before.Epoch+1 {
			t.Errorf("epoch %d, then %d", before.Epoch, after.Epoch)
		}
	})
	t.Run("is refused once closed", func(t *testing.T) {
		given(t, created, Closed{Reason: "left"}).When(EndSessions{}).ThenRefused(ErrClosed)
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(EndSessions{}).ThenRefused(ErrNotFound) })
}
