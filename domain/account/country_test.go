package account

import (
	"errors"
	"testing"
)

func TestCountry(t *testing.T) {
	for code, want := range map[string]error{"": nil, "NL": nil, "GB": nil, "XK": nil, "UK": ErrCountryInvalid, "nl": ErrCountryInvalid, "NL BE": ErrCountryInvalid} {
		if got := validCountry(code); !errors.Is(got, want) {
			t.Errorf("%q: got %v, want %v", code, got, want)
		}
	}
}
