package typed_test

import (
	"strings"
	"testing"

	"sleutelbos/domain/typed"
)

func TestF27_NumbersAsPeopleWriteThem(t *testing.T) {
	for _, number := range []string{
		"02/123.45.67", "0475/12.34.56", "+32 (0)2 123 45 67", "0182.12.34.56", "06-12345678", "(020) 123 45 67", "+32475123456", "0032 2 123 45 67", "12345", "020\u00a01234567",
	} {
		if !typed.Phone(number) {
			t.Errorf("%q is refused", number)
		}
	}
	for _, number := range []string{"", "-----1", "1234", "+", "bel mij", "+32+2 123 45 67", "12345x", "-12345", "0123456789012345678901234567890", "(((((1)))))"} {
		if typed.Phone(number) {
			t.Errorf("%q is taken", number)
		}
	}
}

func TestF27_EqualNumbersHaveOneForm(t *testing.T) {
	for want, writings := range map[string][]string{
		"+32475123456": {"0475/12.34.56", "0475 12 34 56", "+32 475 12 34 56", "0032 475 12 34 56", "+32 (0)475 12 34 56"},
		"+3225123456":  {"02/512.34.56", "(02) 512 34 56", "+32 (0)2 512 34 56"},
		"+31612345678": {"+31 6 12345678", "0031-612345678"},
		"":             {"12345", "1234567890123", "bel mij"},
	} {
		for _, written := range writings {
			if got := typed.PhoneNumber(written, "BE"); got != want {
				t.Errorf("%q is %q, want %q", written, got, want)
			}
		}
	}
	if got := typed.PhoneNumber("06-12345678", "NL"); got != "+31612345678" {
		t.Error("in the Netherlands: ", got)
	}
	if got := typed.PhoneNumber("06-12345678", ""); got != "" {
		t.Error("without a country: ", got)
	}
}

func TestF27_NumbersAreFoundInAnyWriting(t *testing.T) {
	searches := []string{"0475/12.34.56", "0475123456", "+32475123456", "+32 (0)475 12 34 56", "0032 475 12 34 56", "475123456", "0475/12"}
	for name, kept := range map[string]string{
		"kept in its one form":       typed.FoldPhone("0475/12.34.56", "+32475123456"),
		"kept as it was typed alone": typed.FoldPhone("0475/12.34.56", ""),
		"typed for abroad":           typed.FoldPhone("+32 (0)475 12 34 56", ""),
	} {
		for _, search := range searches {
			for _, word := range typed.Words(search) {
				if !strings.Contains(kept, word) {
					t.Errorf("%s (%s): %q is not found by %q", name, kept, word, search)
				}
			}
		}
	}
	if got := typed.FoldPhone("12345", ""); got != "12345" {
		t.Error("an extension: ", got)
	}
}
