// Package postal holds the rules of an address to which letters go, and of the countries in
// which one can be.
package postal

import (
	"regexp"
	"strings"

	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// The most characters of the parts of an address. A street with its number and box is printed in one
// line or two behind the window of an envelope.
const (
	MaxStreet   = 100
	MaxPostcode = 12
	MaxCity     = 80
)

// Refusals of an address, beside those of its texts.
var (
	ErrPostcodeInvalid = domain.InvalidCode("postcode", "postcode-invalid", "This is not a postcode of that country: 1234 AB in the Netherlands, 1234 in Belgium.")
	ErrCountryRequired = domain.InvalidCode("postal_country", "postal-country-required", "An address needs its country.")
	ErrCountryInvalid  = domain.InvalidCode("postal_country", "postal-country-invalid", "Choose a country from the list (in the API: its two letters of ISO 3166, or XK).")
)

// Address is where a letter goes. The zero value is no address.
type Address struct {
	Street        string // with the number, and the box if there is one
	Postcode      string // as Postcode returns it
	City          string
	PostalCountry string // ISO 3166
}

// IsZero says whether there is no address.
func (a Address) IsZero() bool { return a == Address{} }

// postcodes are the forms of the postcodes of the countries where most holders live. What other countries
// have is not refused: some have letters, some have none at all.
var postcodes = map[string]*regexp.Regexp{
	"NL": regexp.MustCompile(`^[1-9][0-9]{3} (?:[A-RT-Z][A-Z]|S[BCE-RT-Z])$`), // SA, SD and SS are not given out
	"BE": regexp.MustCompile(`^[1-9][0-9]{3}$`),
}

// Check refuses an address to which no letter can go. No address is none to refuse.
func (a Address) Check() error {
	if a.IsZero() {
		return nil
	}
	if err := domain.First(
		domain.RequiredText("street", a.Street, MaxStreet), domain.Text("postcode", a.Postcode, MaxPostcode), domain.RequiredText("city", a.City, MaxCity),
	); err != nil {
		return err
	}
	switch form := postcodes[a.PostalCountry]; {
	case a.PostalCountry == "":
		return ErrCountryRequired
	case !KnownCountry(a.PostalCountry):
		return ErrCountryInvalid
	case form != nil && !form.MatchString(a.Postcode):
		return ErrPostcodeInvalid
	}
	return nil
}

// Canonical returns the address with its postcode as its country writes it, whatever way it was typed:
// "1234ab" is 1234 AB in the Netherlands, and "B-1000" is 1000 in Belgium.
func (a Address) Canonical() Address {
	packed := strings.ToUpper(strings.Join(strings.Fields(a.Postcode), ""))
	switch a.PostalCountry {
	case "NL":
		packed = strings.TrimPrefix(strings.TrimPrefix(packed, "NL"), "-")
		if len(packed) == len("1234AB") {
			packed = packed[:4] + " " + packed[4:]
		}
		a.Postcode = packed
	case "BE":
		a.Postcode = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(packed, "B"), "E"), "-")
	default:
		a.Postcode = typed.Line(a.Postcode)
	}
	return a
}
