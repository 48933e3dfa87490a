package region

import "testing"

func TestArchive(t *testing.T) {
	t.Run("takes a region out of use", func(t *testing.T) { given(t, created).When(Archive{}).Then(Archived{Reservation: "regionname-1"}) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created, Archived{}).When(Archive{}).ThenNothing() })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Archive{}).ThenRefused(ErrNotFound) })
	t.Run("leaves who is in it", func(t *testing.T) {
		after := given(t, created, UserAssigned{AccountID: "ann"}).When(Archive{}).State()
		if !after.Users.Has("ann") {
			t.Error("ann is gone")
		}
	})
}
