package region

import "testing"

func TestRemove(t *testing.T) {
	remove, ann := Remove{AccountID: "ann"}, UserAssigned{AccountID: "ann", Region: "Delfland"}
	removed := UserRemoved{AccountID: "ann", OldRegion: "Delfland"}
	t.Run("takes an account out", func(t *testing.T) { given(t, created, ann).When(remove).Then(removed) })
	t.Run("of who is not there changes nothing", func(t *testing.T) {
		given(t, created).When(remove).ThenNothing()
		given(t, created, ann, removed).When(remove).ThenNothing()
		given(t, created, Archived{}).When(remove).ThenNothing()
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(remove).ThenRefused(ErrNotFound) })
	t.Run("is refused without an account", func(t *testing.T) {
		given(t, created).When(Remove{}).ThenRefused(code("account-id-required"))
	})
	t.Run("is refused once archived: who is in it stays known", func(t *testing.T) {
		given(t, created, ann, Archived{}).When(remove).ThenRefused(ErrArchived)
	})
}
