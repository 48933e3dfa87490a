package reservation

import "testing"

func TestClaim(t *testing.T) {
	if kinds := Kinds(); len(kinds) < 3 {
		t.Errorf("only %v", kinds)
	}
	for _, kind := range Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			taken := kind.taken()
			claim, claimed := Claim{Holder: "ann", Kind: kind}, Claimed{Holder: "ann", Kind: kind}
			given(t).When(claim).Then(claimed)
			given(t, claimed).When(claim).Then(claimed) // renewed
			given(t, Claimed{Holder: "bob", Kind: kind}).When(claim).ThenRefused(taken)
			given(t, Claimed{Holder: "bob", Kind: kind}, Released{Holder: "bob"}).When(claim).Then(claimed)
		})
	}
	t.Run("says what is taken", func(t *testing.T) {
		bob := func(kind Kind) Claimed { return Claimed{Holder: "bob", Kind: kind} }
		given(t, bob(KindUsername)).When(Claim{Holder: "ann", Kind: KindUsername}).ThenRefused(ErrUsernameTaken)
		given(t, bob(KindDomain)).When(Claim{Holder: "ann", Kind: KindDomain}).ThenRefused(ErrDomainTaken)
		given(t, bob(KindOpenRequest)).When(Claim{Holder: "ann", Kind: KindOpenRequest}).ThenRefused(ErrRequestOpen)
		given(t, bob(KindRegion)).When(Claim{Holder: "ann", Kind: KindRegion}).ThenRefused(ErrRegionTaken)
	})
	t.Run("is refused without a holder", func(t *testing.T) {
		given(t).When(Claim{Kind: KindUsername}).ThenRefused(code("holder-required"))
	})
	t.Run("is refused for nothing known", func(t *testing.T) { given(t).When(Claim{Holder: "ann"}).ThenRefused(ErrKindUnknown) })
}
