package organization

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/postal"
)

func TestSetLetterSender(t *testing.T) {
	sender := Sender{
		Name: "De Linde", Department: "Klantenservice", Street: "Lindelaan 4", Postcode: "3511 AB", City: "Utrecht", PostalCountry: "NL",
		Phone: "030 271 00 00", Email: "post@delinde.example",
	}
	typed := sender
	typed.Postcode = "3511ab"
	said := LetterSenderChanged{Sender: sender}
	given(t, registered).When(SetLetterSender{typed}).Then(said)
	t.Run("the same changes nothing", func(t *testing.T) { given(t, registered, said).When(SetLetterSender{typed}).ThenNothing() })
	t.Run("is taken away by saying nothing", func(t *testing.T) {
		given(t, registered, said).When(SetLetterSender{}).Then(LetterSenderChanged{OldSender: sender})
	})
	for name, c := range map[string]struct {
		change func(*Sender)
		want   error
	}{
		"without a name":            {func(s *Sender) { s.Name = "" }, code("name-required")},
		"without a street":          {func(s *Sender) { s.Street = "" }, code("street-required")},
		"without an address at all": {func(s *Sender) { s.Street, s.Postcode, s.City, s.PostalCountry = "", "", "", "" }, code("street-required")},
		"with no postcode of it":    {func(s *Sender) { s.Postcode = "35" }, postal.ErrPostcodeInvalid},
		"with no phone":             {func(s *Sender) { s.Phone = "x" }, domain.ErrPhoneInvalid},
		"with no mail address":      {func(s *Sender) { s.Email = "x" }, ErrEmailInvalid},
	} {
		t.Run("is refused "+name, func(t *testing.T) {
			wrong := sender
			c.change(&wrong)
			given(t, registered).When(SetLetterSender{wrong}).ThenRefused(c.want)
		})
	}
}
