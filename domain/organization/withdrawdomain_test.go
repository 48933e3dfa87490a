package organization

import "testing"

// TestWithdrawDomain holds AMB-N10.
func TestWithdrawDomain(t *testing.T) {
	allowed := DomainAllowed{Domain: "voorbeeld.nl", Reservation: "domain-1"}
	withdrawn := DomainWithdrawn{Domain: "voorbeeld.nl", Reservation: "domain-1"}
	withdraw := WithdrawDomain{Domain: "voorbeeld.nl"}
	t.Run("takes a domain away, and names its claim", func(t *testing.T) {
		given(t, registered, allowed).When(withdraw).Then(withdrawn)
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, registered, allowed, withdrawn).When(withdraw).ThenNothing() })
	t.Run("is refused for none", func(t *testing.T) {
		given(t, registered).When(WithdrawDomain{}).ThenRefused(code("domain-required"))
	})
}
