package license

import "testing"

func TestSelection(t *testing.T) {
	hidden := Registered{OrganizationID: "org", Name: "Norms"}
	t.Run("a hidden license is shown", func(t *testing.T) { given(t, hidden).When(ShowInSelection{}).Then(ShownInSelection{}) })
	t.Run("one that is shown stays so", func(t *testing.T) { given(t, registered).When(ShowInSelection{}).ThenNothing() })
	t.Run("one that is shown is hidden", func(t *testing.T) { given(t, registered).When(HideFromSelection{}).Then(HiddenFromSelection{}) })
	t.Run("a hidden one stays so", func(t *testing.T) {
		given(t, registered, HiddenFromSelection{}).When(HideFromSelection{}).ThenNothing()
	})
	t.Run("one is shown again", func(t *testing.T) {
		given(t, registered, HiddenFromSelection{}).When(ShowInSelection{}).Then(ShownInSelection{})
	})
	t.Run("none is shown where there is none", func(t *testing.T) { given(t).When(ShowInSelection{}).ThenRefused(ErrNotFound) })
	t.Run("none is hidden where there is none", func(t *testing.T) { given(t).When(HideFromSelection{}).ThenRefused(ErrNotFound) })
}
