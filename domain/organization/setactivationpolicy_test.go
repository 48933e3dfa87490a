package organization

import "testing"

func TestSetActivationPolicy(t *testing.T) {
	for _, months := range []int{2, 12} {
		given(t, registered).When(SetActivationPolicy{months}).Then(ActivationPolicyChanged{ActivationMonths: months, OldActivationMonths: 1})
	}
	t.Run("the same changes nothing", func(t *testing.T) { given(t, registered).When(SetActivationPolicy{1}).ThenNothing() })
	for _, months := range []int{-1, 0, 13} {
		given(t, registered).When(SetActivationPolicy{months}).ThenRefused(ErrMonthsInvalid)
	}
}
