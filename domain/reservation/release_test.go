package reservation

import "testing"

func TestRelease(t *testing.T) {
	claimed, released := Claimed{Holder: "ann", Kind: KindUsername}, Released{Holder: "ann"}
	t.Run("gives it back", func(t *testing.T) { given(t, claimed).When(Release{Holder: "ann"}).Then(released) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, claimed, released).When(Release{Holder: "ann"}).ThenNothing() })
	t.Run("of another's changes nothing", func(t *testing.T) { given(t, claimed).When(Release{Holder: "bob"}).ThenNothing() })
	t.Run("is refused without a holder", func(t *testing.T) { given(t, claimed).When(Release{}).ThenRefused(code("holder-required")) })
}
