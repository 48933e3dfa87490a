package region

import "testing"

func TestRename(t *testing.T) {
	rename := Rename{Name: "Schieland", Reservation: "regionname-2"}
	renamed := Renamed{Name: "Schieland", OldName: "Delfland", Reservation: "regionname-2", OldReservation: "regionname-1"}
	t.Run("gives another name", func(t *testing.T) { given(t, created).When(rename).Then(renamed) })
	t.Run("to the name it has changes nothing", func(t *testing.T) {
		given(t, created, renamed).When(rename).ThenNothing()
	})
	t.Run("tells the name before, the second time too", func(t *testing.T) {
		given(t, created, renamed).When(Rename{Name: "Delfland", Reservation: "regionname-1"}).
			Then(Renamed{Name: "Delfland", OldName: "Schieland", Reservation: "regionname-1", OldReservation: "regionname-2"})
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(rename).ThenRefused(ErrNotFound) })
	t.Run("is refused without a name", func(t *testing.T) {
		given(t, created).When(Rename{Reservation: "r"}).ThenRefused(code("name-required"))
	})
	t.Run("is refused without a claim of the name", func(t *testing.T) {
		given(t, created).When(Rename{Name: "Schieland"}).ThenRefused(code("reservation-required"))
	})
	t.Run("is refused once archived", func(t *testing.T) {
		given(t, created, Archived{}).When(rename).ThenRefused(ErrArchived)
	})
}
