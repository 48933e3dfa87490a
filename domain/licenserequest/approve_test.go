package licenserequest

import "testing"

func TestApprove(t *testing.T) {
	t.Run("decides", func(t *testing.T) { given(t, requested).When(Approve{}).Then(approved) })
	t.Run("is refused after the same decision", func(t *testing.T) {
		given(t, requested, approved).When(Approve{}).ThenRefused(ErrAlreadyDecided)
	})
	t.Run("is refused after the other decision", func(t *testing.T) {
		given(t, requested, rejected).When(Approve{}).ThenRefused(ErrAlreadyDecided)
	})
	t.Run("is refused once withdrawn", func(t *testing.T) { given(t, requested, withdrawn).When(Approve{}).ThenRefused(ErrWithdrawn) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Approve{}).ThenRefused(ErrNotFound) })
}
