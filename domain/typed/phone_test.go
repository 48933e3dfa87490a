package typed_test

import (
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
