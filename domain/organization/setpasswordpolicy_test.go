package organization

import "testing"

func TestSetPasswordPolicy(t *testing.T) {
	old := PasswordPolicy{MinLength: 8, MinUpper: 1, MinDigits: 1}
	for name, policy := range map[string]PasswordPolicy{
		"8 characters, nothing more": {MinLength: 8}, "128 characters": {MinLength: 128}, "nothing but digits and upper case": {8, 4, 4},
	} {
		t.Run(name, func(t *testing.T) {
			given(t, registered).When(SetPasswordPolicy{policy}).Then(PasswordPolicyChanged{Password: policy, OldPassword: old})
		})
	}
	t.Run("the same changes nothing", func(t *testing.T) { given(t, registered).When(SetPasswordPolicy{old}).ThenNothing() })
	for name, policy := range map[string]PasswordPolicy{
		"7 characters": {MinLength: 7}, "129 characters": {MinLength: 129}, "less than no upper case": {8, -1, 0},
		"less than no digits": {8, 0, -1}, "more parts than the whole": {8, 4, 5},
	} {
		t.Run("is refused with "+name, func(t *testing.T) {
			given(t, registered).When(SetPasswordPolicy{policy}).ThenRefused(ErrPasswordPolicy)
		})
	}
}
