package account

import "testing"

// TestHandOverCredentials holds R-25.
func TestHandOverCredentials(t *testing.T) {
	withPassword := func(more ...Event) []Event {
		return append([]Event{created, PasswordSetByAdmin{CredentialID: "p"}, Activated{}}, more...)
	}
	t.Run("records how", func(t *testing.T) {
		for _, way := range Handovers() {
			given(t, withPassword()...).When(HandOverCredentials{way}).Then(CredentialsHandedOver{Method: way})
		}
	})
	t.Run("in the same way twice changes nothing", func(t *testing.T) {
		given(t, withPassword(CredentialsHandedOver{Method: HandoverPhone})...).When(HandOverCredentials{HandoverPhone}).ThenNothing()
	})
	t.Run("in another way, too", func(t *testing.T) {
		given(t, withPassword(CredentialsHandedOver{Method: HandoverPhone})...).When(HandOverCredentials{HandoverLetter}).Then(CredentialsHandedOver{HandoverLetter, HandoverPhone})
	})
	t.Run("of the next password", func(t *testing.T) {
		given(t, withPassword(CredentialsHandedOver{Method: HandoverPhone}, PasswordSetByAdmin{CredentialID: "q"})...).
			When(HandOverCredentials{HandoverPhone}).Then(CredentialsHandedOver{Method: HandoverPhone})
	})
	for name, c := range map[string]struct {
		past []Event
		way  Handover
		want error
	}{
		"of no account":                      {nil, HandoverPhone, ErrNotFound},
		"by no way that there is":            {withPassword(), "pigeon", ErrHandoverUnknown},
		"without a password":                 {[]Event{created}, HandoverPhone, ErrNothingToHand},
		"of a password the holder chose":     {[]Event{created, PasswordChosen{CredentialID: "p"}, Activated{}}, HandoverPhone, ErrNothingToHand},
		"of one that was changed since":      {withPassword(PasswordChanged{CredentialID: "q"}), HandoverPhone, ErrNothingToHand},
		"of an account that has been closed": {withPassword(Closed{Reason: "left"}), HandoverPhone, ErrClosed},
	} {
		t.Run("is refused "+name, func(t *testing.T) { given(t, c.past...).When(HandOverCredentials{c.way}).ThenRefused(c.want) })
	}
}
