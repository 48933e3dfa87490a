package typed_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/typed"
)

func TestF25_NamesAreListedAsTheCountryDoes(t *testing.T) {
	jan, an, ot := typed.Name{GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg"}, typed.Name{GivenName: "An", Surname: "Claes"}, typed.Name{SurnamePrefix: "'t", Surname: "Hart"}
	for country, want := range map[string][]string{
		"NL": {"Berg, Jan van der", "Claes, An", "Hart, 't"},
		"":   {"Berg, Jan van der", "Claes, An", "Hart, 't"},
		"BE": {"Claes, An", "'t Hart", "Van der Berg, Jan"},
	} {
		var got []string
		for _, name := range []typed.Name{ot, jan, an} {
			got = append(got, name.Listed(typed.NameOrderIn(country)))
		}
		slices.SortFunc(got, func(a, b string) int { return strings.Compare(typed.SortKey(a), typed.SortKey(b)) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", country, diff)
		}
	}
	if got := jan.String(); got != "Jan van der Berg" {
		t.Error(got)
	}
	if got := (typed.Name{}).Listed(typed.PrefixFirst); got != "" {
		t.Errorf("of no parts: %q", got)
	}
}

func TestF25_PartsAreGuessed(t *testing.T) {
	for whole, want := range map[string]typed.Name{
		"Jan van der Berg":        {GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg"},
		"Berg, Jan van der":       {GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg"},
		"Anne-Marie Van den Eede": {GivenName: "Anne-Marie", SurnamePrefix: "Van den", Surname: "Eede"},
		"Piet Hein 't Hart":       {GivenName: "Piet Hein", SurnamePrefix: "'t", Surname: "Hart"},
		"Zoë Janssens Peeters":    {GivenName: "Zoë", Surname: "Janssens Peeters"},
		"Van der Berg":            {SurnamePrefix: "Van der", Surname: "Berg"},
		"Koppeling":               {Surname: "Koppeling"},
		"Jan de":                  {GivenName: "Jan", Surname: "de"},
		"de":                      {Surname: "de"},
		"":                        {},
	} {
		got := typed.GuessName(whole)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", whole, diff)
		}
		if !strings.Contains(whole, ",") && got.String() != whole {
			t.Errorf("%q becomes %q", whole, got.String())
		}
	}
}
