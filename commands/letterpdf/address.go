package letterpdf

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"sleutelbos/commands/letters"
)

// postcodeLast are the countries that write the postcode behind the town.
var postcodeLast = []string{"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US"}

// lines returns an address as the post of its country wants it, each line a text: the town in capitals, and two
// spaces before it in the Netherlands. The country stands below, in the language of the letter, if the letter leaves
// that of its sender. Without an address there is no line.
func lines(a letters.Address, from, l string) []string {
	if a == (letters.Address{}) {
		return nil
	}
	town := strings.ToUpper(a.City)
	switch {
	case a.PostalCountry == "NL":
		town = a.Postcode + "  " + town
	case slices.Contains(postcodeLast, a.PostalCountry):
		town = strings.TrimSpace(town + " " + a.Postcode)
	default:
		town = strings.TrimSpace(a.Postcode + " " + town)
	}
	all := []string{a.Street, town}
	if region, err := language.ParseRegion(a.PostalCountry); err == nil && a.PostalCountry != from {
		all = append(all, strings.ToUpper(display.Regions(language.Make(l)).Name(region)))
	}
	return all
}

// inOneLine returns where a letter comes back to.
func inOneLine(s letters.Sender) string {
	if s.Address == (letters.Address{}) {
		return ""
	}
	return strings.Join(append([]string{s.Name}, lines(s.Address, s.Address.PostalCountry, "")...), " · ")
}
