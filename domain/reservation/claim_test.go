package reservation

import "testing"

func TestClaim(t *testing.T) {
	for kind, taken := range map[Kind]error{KindUsername: ErrUsernameTaken, KindDomain: ErrDomainTaken, KindOpenRequest: ErrRequestOpen} {
		t.Run(string(kind), func(t *testing.T) {
			claim, claimed := Claim{Holder: "ann", Kind: kind}, Claimed{Holder: "ann", Kind: kind}
			given(t).When(claim).Then(claimed)
			given(t, claimed).When(claim).ThenNothing()
			given(t, Claimed{Holder: "bob", Kind: kind}).When(claim).ThenRefused(taken)
			given(t, Claimed{Holder: "bob", Kind: kind}, Released{Holder: "bob"}).When(claim).Then(claimed)
		})
	}
	t.Run("is refused without a holder", func(t *testing.T) {
		given(t).When(Claim{Kind: KindUsername}).ThenRefused(code("holder-required"))
	})
	t.Run("is refused for nothing known", func(t *testing.T) { given(t).When(Claim{Holder: "ann"}).ThenRefused(ErrKindUnknown) })
}
