package account

import (
	"strings"
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/postal"
)

func to(s string) *string { return &s }

var moved = PostalAddressChanged{Street: "Dorpsstraat 1", Postcode: "1234 AB", City: "Epe", PostalCountry: "NL"}

// TestChangeDetails holds O-4 and O-6.
func TestChangeDetails(t *testing.T) {
	t.Run("tells each change by itself", func(t *testing.T) {
		given(t, active()...).When(ChangeDetails{NameChange: NameChange{Name: to("Piet")}, Details: Details[*string]{
			Nickname: to("Pietje"), Email: to("piet@thuis.nl"), Phone: to("015-269"), Country: to("NL"), Description: to("Balie"),
		}, Now: noon}).Then(
			NameChanged{Name: "Piet", OldName: "Jan"}, NicknameSet{Nickname: "Pietje"}, EmailChanged{Email: "piet@thuis.nl"}, PhoneChanged{Phone: "015-269"},
			CountryChanged{Country: "NL"}, DescriptionChanged{Description: "Balie"})
	})
	t.Run("tells what was there before", func(t *testing.T) {
		given(t, active(
			EmailChanged{Email: "a@thuis.nl"}, PhoneChanged{Phone: "015-269"}, CountryChanged{Country: "NL"}, DescriptionChanged{Description: "Balie"},
		)...).When(ChangeDetails{Details: Details[*string]{Email: to(""), Phone: to(""), Country: to("BE"), Description: to("")}}).Then(
			EmailChanged{OldEmail: "a@thuis.nl"}, PhoneChanged{OldPhone: "015-269"},
			CountryChanged{Country: "BE", OldCountry: "NL"}, DescriptionChanged{OldDescription: "Balie"})
	})
	t.Run("takes a nickname away, and not twice", func(t *testing.T) {
		away := ChangeDetails{Details: Details[*string]{Nickname: to("")}}
		given(t, active(NicknameSet{Nickname: "Jantje"})...).When(away).Then(NicknameSet{OldNickname: "Jantje"})
		given(t, active(NicknameSet{Nickname: "Jantje"}, NicknameSet{OldNickname: "Jantje"})...).When(away).ThenNothing()
	})
	t.Run("tells a postal address as one thing", func(t *testing.T) {
		given(t, active()...).When(ChangeDetails{Details: Details[*string]{Street: to("Dorpsstraat 1"), Postcode: to("1234ab"), City: to("Epe"), PostalCountry: to("NL")}}).Then(
			PostalAddressChanged{Street: "Dorpsstraat 1", Postcode: "1234 AB", City: "Epe", PostalCountry: "NL"})
		given(t, active(moved)...).When(ChangeDetails{Details: Details[*string]{Street: to("Kerkplein 2")}}).Then(PostalAddressChanged{
			Street: "Kerkplein 2", Postcode: "1234 AB", City: "Epe", PostalCountry: "NL",
			OldStreet: "Dorpsstraat 1", OldPostcode: "1234 AB", OldCity: "Epe", OldPostalCountry: "NL",
		})
		given(t, active(moved)...).When(ChangeDetails{Details: Details[*string]{Postcode: to("1234AB")}}).ThenNothing()
		given(t, active(moved)...).When(ChangeDetails{Details: Details[*string]{Street: to(""), Postcode: to(""), City: to(""), PostalCountry: to("")}}).Then(
			PostalAddressChanged{OldStreet: "Dorpsstraat 1", OldPostcode: "1234 AB", OldCity: "Epe", OldPostalCountry: "NL"})
	})
	t.Run("judges a part of an address with the rest", func(t *testing.T) {
		given(t, active(moved)...).When(ChangeDetails{Details: Details[*string]{Street: to("")}}).ThenRefused(code("street-required"))
		given(t, active()...).When(ChangeDetails{Details: Details[*string]{City: to("Epe")}}).ThenRefused(code("street-required"))
		given(t, active(moved)...).When(ChangeDetails{Details: Details[*string]{PostalCountry: to("BE")}}).ThenRefused(postal.ErrPostcodeInvalid)
	})
	t.Run("leaves an address that nobody can read any more", func(t *testing.T) {
		given(t, active(PostalAddressChanged{Street: "[erased]", Postcode: "[erased]", City: "[erased]", PostalCountry: "[erased]"})...).
			When(ChangeDetails{Details: Details[*string]{Country: to("BE")}}).Then(CountryChanged{Country: "BE"})
	})
	t.Run("takes a nickname of the greatest length", func(t *testing.T) {
		longest := strings.Repeat("x", maxNickname)
		given(t, active()...).When(ChangeDetails{Details: Details[*string]{Nickname: &longest}}).Then(NicknameSet{Nickname: longest})
	})
	t.Run("leaves what it does not name, and what is so already", func(t *testing.T) {
		given(t, active()...).When(ChangeDetails{NameChange: NameChange{Name: to("Jan")}, Details: Details[*string]{Phone: to("")}}).ThenNothing()
	})
	t.Run("ends an activation that went to the old mail address", func(t *testing.T) {
		named := created
		named.Username, named.Email = "jan", "jan@thuis.nl"
		given(t, named, sent).When(ChangeDetails{Details: Details[*string]{Email: to("piet@thuis.nl")}, Now: noon}).Then(
			ActivationSuperseded{CredentialID: "link-1", OldExpiresAt: later}, EmailChanged{Email: "piet@thuis.nl", OldEmail: "jan@thuis.nl"})
	})
	t.Run("leaves one that went to the username", func(t *testing.T) {
		given(t, created, sent).When(ChangeDetails{Details: Details[*string]{Email: to("jan@thuis.nl")}, Now: noon}).Then(EmailChanged{Email: "jan@thuis.nl"})
	})
	t.Run("is refused if no mail could reach the holder", func(t *testing.T) {
		named := created
		named.Username, named.Email = "jan", "jan@thuis.nl"
		given(t, named).When(ChangeDetails{Details: Details[*string]{Email: to("")}}).ThenRefused(ErrEmailRequired)
	})
	for name, test := range map[string]struct {
		change ChangeDetails
		want   error
	}{
		"without a name":              {ChangeDetails{NameChange: NameChange{Name: to("")}}, code("name-required")},
		"with too long a nickname":    {ChangeDetails{Details: Details[*string]{Nickname: to(strings.Repeat("x", maxNickname+1))}}, code("nickname-too-long")},
		"with no mail address":        {ChangeDetails{Details: Details[*string]{Email: to("piet")}}, ErrEmailInvalid},
		"with no phone":               {ChangeDetails{Details: Details[*string]{Phone: to("x")}}, domain.ErrPhoneInvalid},
		"with no country":             {ChangeDetails{Details: Details[*string]{Country: to("Nederland")}}, ErrCountryInvalid},
		"with too long a description": {ChangeDetails{Details: Details[*string]{Description: to(tooLong)}}, code("description-too-long")},
	} {
		t.Run("is refused "+name, func(t *testing.T) { given(t, active()...).When(test.change).ThenRefused(test.want) })
	}
}
