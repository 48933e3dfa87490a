package person

import (
	"testing"

	"sleutelbos/domain/typed"
)

func TestChange(t *testing.T) {
	text := func(s string) *string { return &s }
	change := func(c Change) Change { c.HomeCountry, c.Today = "NL", today; return c }
	t.Run("tells each thing that changed", func(t *testing.T) {
		c := change(Change{Surname: text("Bergen"), Details: Details[*string]{Email: text("j@b.nl"), Phone: text("06 12345678"), BirthDate: text("1985-07-30")}})
		given(t, registered).When(c).Then(
			NameChanged{
				GivenName: "Jan", SurnamePrefix: "van der", Surname: "Bergen", NameOrder: typed.PrefixLast,
				OldGivenName: "Jan", OldSurnamePrefix: "van der", OldSurname: "Berg",
			},
			EmailChanged{Email: "j@b.nl"}, PhoneChanged{Phone: "06 12345678", PhoneNumber: "+31612345678"}, BirthDateChanged{BirthDate: "1985-07-30"})
	})
	t.Run("takes away what is empty", func(t *testing.T) {
		given(t, registered, EmailChanged{Email: "j@b.nl"}).When(change(Change{SurnamePrefix: text(""), Details: Details[*string]{Email: text("")}})).Then(
			NameChanged{GivenName: "Jan", Surname: "Berg", NameOrder: typed.PrefixLast, OldGivenName: "Jan", OldSurnamePrefix: "van der", OldSurname: "Berg"},
			EmailChanged{OldEmail: "j@b.nl"})
	})
	t.Run("changes nothing that is so already", func(t *testing.T) {
		given(t, registered).When(change(Change{GivenName: text("Jan"), Details: Details[*string]{Phone: text("")}})).ThenNothing()
	})
	t.Run("is refused without a surname", func(t *testing.T) {
		given(t, registered).When(change(Change{Surname: text("")})).ThenRefused(ErrSurnameRequired)
	})
	t.Run("is refused with a birth in the future", func(t *testing.T) {
		given(t, registered).When(change(Change{Details: Details[*string]{BirthDate: text("2027-01-01")}})).ThenRefused(ErrBirthDateInvalid)
	})
}
