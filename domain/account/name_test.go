package account

import (
	"strings"
	"testing"

	"sleutelbos/domain/typed"
)

func parts(given, prefix, surname string) NameChange {
	return NameChange{GivenName: &given, SurnamePrefix: &prefix, Surname: &surname}
}

func TestF25_ANameHasParts(t *testing.T) {
	berg := NamePartsSet{GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixLast}
	known := active(NameChanged{Name: "Jan van der Berg", OldName: "Jan"}, berg)

	t.Run("makes the whole of the parts, in the order of the country", func(t *testing.T) {
		given(t, active()...).When(ChangeDetails{NameChange: parts("Jan", "van der", "Berg"), HomeCountry: "NL"}).Then(NameChanged{Name: "Jan van der Berg", OldName: "Jan"}, berg)
		first := berg
		first.NameOrder = typed.PrefixFirst
		given(t, active()...).When(ChangeDetails{NameChange: parts("Jan", "van der", "Berg"), HomeCountry: "BE"}).Then(NameChanged{Name: "Jan van der Berg", OldName: "Jan"}, first)
	})
	t.Run("keeps a whole that is said beside them", func(t *testing.T) {
		change := parts("Jan", "van der", "Berg")
		change.Name = to("Jan v.d. Berg")
		given(t, active()...).When(ChangeDetails{NameChange: change, HomeCountry: "NL"}).Then(NameChanged{Name: "Jan v.d. Berg", OldName: "Jan"}, berg)
	})
	t.Run("changes the part that is named", func(t *testing.T) {
		given(t, known...).When(ChangeDetails{NameChange: NameChange{GivenName: to("Piet")}, HomeCountry: "NL"}).Then(
			NameChanged{Name: "Piet van der Berg", OldName: "Jan van der Berg"},
			NamePartsSet{GivenName: "Piet", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixLast, OldGivenName: "Jan", OldSurnamePrefix: "van der", OldSurname: "Berg"})
	})
	t.Run("knows none of another whole", func(t *testing.T) {
		given(t, known...).When(ChangeDetails{NameChange: NameChange{Name: to("Piet")}}).Then(
			NameChanged{Name: "Piet", OldName: "Jan van der Berg"}, NamePartsSet{OldGivenName: "Jan", OldSurnamePrefix: "van der", OldSurname: "Berg"})
	})
	t.Run("forgets them, and keeps the whole", func(t *testing.T) {
		given(t, known...).When(ChangeDetails{NameChange: parts("", "", "")}).Then(NamePartsSet{OldGivenName: "Jan", OldSurnamePrefix: "van der", OldSurname: "Berg"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, known...).When(ChangeDetails{NameChange: parts("Jan", "van der", "Berg"), HomeCountry: "BE"}).ThenNothing()
		given(t, known...).When(ChangeDetails{NameChange: NameChange{Name: to("Jan van der Berg")}}).ThenNothing()
	})
	t.Run("takes parts of the greatest length", func(t *testing.T) {
		a, b, c := strings.Repeat("a", maxGivenName), strings.Repeat("b", maxSurnamePrefix), strings.Repeat("c", maxSurname)
		given(t, active()...).When(ChangeDetails{NameChange: parts(a, b, c)}).Then(
			NameChanged{Name: a + " " + b + " " + c, OldName: "Jan"}, NamePartsSet{GivenName: a, SurnamePrefix: b, Surname: c, NameOrder: typed.PrefixLast})
	})
	for name, test := range map[string]struct {
		change NameChange
		want   error
	}{
		"a part of a name that has none":  {NameChange{Surname: to("Berg")}, ErrNamePartsIncomplete},
		"no surname":                      {parts("Jan", "", ""), ErrSurnameRequired},
		"a surname that nobody sees":      {parts("Jan", "", "\u200b"), ErrSurnameRequired},
		"too long a given name":           {parts(strings.Repeat("x", maxGivenName+1), "", "Berg"), code("given-name-too-long")},
		"too long a prefix":               {parts("", strings.Repeat("x", maxSurnamePrefix+1), "Berg"), code("surname-prefix-too-long")},
		"too long a surname":              {parts("", "", strings.Repeat("x", maxSurname+1)), code("surname-too-long")},
		"a part that misleads the reader": {parts("Jan", "\u202e", "Berg"), code("surname-prefix-invalid")},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			given(t, active()...).When(ChangeDetails{NameChange: test.change}).ThenRefused(test.want)
		})
	}
}

func TestF25_AnAccountIsOpenedWithParts(t *testing.T) {
	open := ask(nil)
	open.Name, open.Parts, open.HomeCountry = "", typed.Name{GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg"}, "BE"
	whole := created
	whole.Name = "Jan van der Berg"
	given(t).When(open).Then(whole, NamePartsSet{GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixFirst})
	open.Parts.Surname = ""
	given(t).When(open).ThenRefused(ErrSurnameRequired)
	open.Parts = typed.Name{}
	given(t).When(open).ThenRefused(code("name-required"))
}

func TestF27_ANumberIsKeptAsTypedAndInItsOneForm(t *testing.T) {
	phone := func(typed, country string) ChangeDetails {
		return ChangeDetails{Details: Details[*string]{Phone: &typed}, HomeCountry: country}
	}
	was := PhoneChanged{Phone: "0475/12.34.56", PhoneNumber: "+32475123456"}
	given(t, active()...).When(phone("0475/12.34.56", "BE")).Then(was)
	given(t, active(was)...).When(phone("+32 475 12 34 56", "NL")).Then(PhoneChanged{Phone: "+32 475 12 34 56", PhoneNumber: "+32475123456", OldPhone: "0475/12.34.56"})
	given(t, active()...).When(phone("12345", "BE")).Then(PhoneChanged{Phone: "12345"})
	open, opened := ask(nil), created
	open.Phone, open.HomeCountry = "06-12345678", "NL"
	opened.Phone, opened.PhoneNumber = "06-12345678", "+31612345678"
	given(t).When(open).Then(opened)
}
