package rolegroup

import "testing"

func TestArchive(t *testing.T) {
	t.Run("takes a role group out of use", func(t *testing.T) {
		given(t, created).When(Archive{}).Then(Archived{Reservation: "rolegroupname-1"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, created, Archived{}).When(Archive{}).ThenNothing()
		given(t, created, Archived{}).When(Archive{Members: 1}).ThenNothing()
	})
	t.Run("is refused while one account has it", func(t *testing.T) {
		given(t, created).When(Archive{Members: 1}).ThenRefused(ErrHasMembers)
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Archive{}).ThenRefused(ErrNotFound) })
}
