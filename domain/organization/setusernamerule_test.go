package organization

import "testing"

func TestSetUsernameRule(t *testing.T) {
	for _, rule := range []UsernameRule{UsernameEmail, UsernameUnique} {
		given(t, registered).When(SetUsernameRule{rule}).
			Then(UsernameRuleChanged{UsernameRule: rule, OldUsernameRule: UsernameEmailInAllowedDomain})
	}
	t.Run("the same changes nothing", func(t *testing.T) {
		given(t, registered).When(SetUsernameRule{UsernameEmailInAllowedDomain}).ThenNothing()
	})
	t.Run("is refused if it is none", func(t *testing.T) {
		given(t, registered).When(SetUsernameRule{"anything"}).ThenRefused(ErrUsernameRuleUnknown)
	})
}
