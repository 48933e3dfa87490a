package postal_test

import (
	"errors"
	"strings"
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/postal"
)

func TestF26_AnAddressIsOneThatLettersReach(t *testing.T) {
	for name, c := range map[string]struct {
		typed    postal.Address
		postcode string // as it is kept
		refused  string // code
	}{
		"none":                   {postal.Address{}, "", ""},
		"Dutch":                  {postal.Address{"Hoofdstraat 1a", "1234ab", "Epe", "NL"}, "1234 AB", ""},
		"Dutch, with its land":   {postal.Address{"Hoofdstraat 1", "NL-1234 ab", "Epe", "NL"}, "1234 AB", ""},
		"Belgian, with a box":    {postal.Address{"Dendermondestraat 55 bus 12", "B-2018", "Antwerpen", "BE"}, "2018", ""},
		"Belgian, with its land": {postal.Address{"Wetstraat 16", "BE 1000", "Brussel", "BE"}, "1000", ""},
		"British":                {postal.Address{"10 Downing Street", " SW1A 2AA ", "London", "GB"}, "SW1A 2AA", ""},
		"without a postcode":     {postal.Address{"Kaya Grandi 1", "", "Kralendijk", "BQ"}, "", ""},
		"Dutch without one":      {postal.Address{"Hoofdstraat 1", "", "Epe", "NL"}, "", "postcode-invalid"},
		"Dutch from zero":        {postal.Address{"Hoofdstraat 1", "0123 AB", "Epe", "NL"}, "0123 AB", "postcode-invalid"},
		"Dutch not given out":    {postal.Address{"Hoofdstraat 1", "1234 SS", "Epe", "NL"}, "1234 SS", "postcode-invalid"},
		"Belgian of five":        {postal.Address{"Wetstraat 16", "10000", "Brussel", "BE"}, "10000", "postcode-invalid"},
		"without a street":       {postal.Address{"", "1234 AB", "Epe", "NL"}, "1234 AB", "street-required"},
		"without a town":         {postal.Address{"Hoofdstraat 1", "1234 AB", " ", "NL"}, "1234 AB", "city-required"},
		"without a country":      {postal.Address{"Hoofdstraat 1", "1234 AB", "Epe", ""}, "1234 AB", "postal-country-required"},
		"of no country":          {postal.Address{"Hoofdstraat 1", "1234 AB", "Epe", "ZZ"}, "1234 AB", "postal-country-invalid"},
		"too long":               {postal.Address{strings.Repeat("x", postal.MaxStreet+1), "1234 AB", "Epe", "NL"}, "1234 AB", "street-too-long"},
	} {
		got := c.typed.Canonical()
		if got.Postcode != c.postcode {
			t.Errorf("%s: the postcode is %q, want %q", name, got.Postcode, c.postcode)
		}
		err := got.Check()
		if refusal, _ := errors.AsType[*domain.Error](err); err == nil && c.refused != "" || err != nil && (refusal == nil || refusal.Code != c.refused) {
			t.Errorf("%s: got %v, want %q", name, err, c.refused)
		}
	}
}

func TestCountries(t *testing.T) {
	if n := len(postal.Countries()); n != 250 {
		t.Errorf("there are %d countries", n)
	}
}
