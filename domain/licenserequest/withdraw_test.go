package licenserequest

import "testing"

func TestWithdraw(t *testing.T) {
	t.Run("takes it back", func(t *testing.T) { given(t, requested).When(Withdraw{}).Then(withdrawn) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, requested, withdrawn).When(Withdraw{}).ThenNothing() })
	t.Run("is refused once approved", func(t *testing.T) { given(t, requested, approved).When(Withdraw{}).ThenRefused(ErrAlreadyDecided) })
	t.Run("is refused once rejected", func(t *testing.T) { given(t, requested, rejected).When(Withdraw{}).ThenRefused(ErrAlreadyDecided) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Withdraw{}).ThenRefused(ErrNotFound) })
}
