package rolegroup

import "testing"

func TestRename(t *testing.T) {
	rename := Rename{Name: "Beheer", Reservation: "rolegroupname-2"}
	renamed := Renamed{Name: "Beheer", OldName: "Standaard", Reservation: "rolegroupname-2", OldReservation: "rolegroupname-1"}
	t.Run("gives another name", func(t *testing.T) { given(t, created).When(rename).Then(renamed) })
	t.Run("to the name it has changes nothing", func(t *testing.T) {
		given(t, created, renamed).When(rename).ThenNothing()
	})
	t.Run("tells the name before, the second time too", func(t *testing.T) {
		given(t, created, renamed).When(Rename{Name: "Standaard", Reservation: "rolegroupname-1"}).
			Then(Renamed{Name: "Standaard", OldName: "Beheer", Reservation: "rolegroupname-1", OldReservation: "rolegroupname-2"})
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(rename).ThenRefused(ErrNotFound) })
	t.Run("is refused without a name", func(t *testing.T) {
		given(t, created).When(Rename{Reservation: "r"}).ThenRefused(code("name-required"))
	})
	t.Run("is refused without a claim of the name", func(t *testing.T) {
		given(t, created).When(Rename{Name: "Beheer"}).ThenRefused(code("reservation-required"))
	})
	t.Run("is refused once archived", func(t *testing.T) {
		given(t, created, Archived{}).When(rename).ThenRefused(ErrArchived)
	})
}
