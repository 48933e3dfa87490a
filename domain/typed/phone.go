package typed

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Phone says whether a text can be a telephone number as people write one: digits, at most thirty, with
// what stands between them for the eye, and a plus in front of one from abroad. Which numbers a
// country gives out is left open: extensions and numbers inside a house are not among them.
func Phone(number string) bool {
	number = strings.TrimPrefix(strings.TrimSpace(number), "+")
	foreign := func(r rune) bool { return !strings.ContainsRune("0123456789 .-/()\u00a0", r) }
	n := len(digits(number))
	return n >= 5 && n <= 30 && len(number) <= 40 && !strings.ContainsFunc(number, foreign) && number[0] != '-'
}

// PhoneNumber returns a telephone number in the one form that it has for all (E.164: +32475123456),
// in whichever way it was written. A number that does not tell its country is one of the country with
// this code (ISO 3166; empty if that is not known). It is empty if no country gives the number out: it
// is an extension, or one inside a house.
func PhoneNumber(number, country string) string {
	parsed, err := phonenumbers.Parse(number, cmp.Or(country, unknownRegion))
	if err != nil || !phonenumbers.IsValidNumber(parsed) {
		return ""
	}
	return phonenumbers.Format(parsed, phonenumbers.E164)
}

// unknownRegion is of a number that tells its country itself, by a plus.
const unknownRegion = "ZZ"

// FoldPhone returns what a telephone number is found by, given as it was typed and in its one form: its
// digits as they were typed, as they are dialed from abroad, and as they are at home. Where the one form
// was not kept the number may be of any country that most of our numbers are of.
func FoldPhone(number, e164 string) string {
	if number == "" {
		return ""
	}
	numbers := []string{e164}
	if e164 == "" {
		numbers = []string{PhoneNumber(number, "NL"), PhoneNumber(number, "BE")}
	}
	found := []string{digits(strings.ReplaceAll(number, "(0)", ""))}
	for _, number := range numbers {
		parsed, err := phonenumbers.Parse(number, unknownRegion)
		if err != nil {
			continue
		}
		for _, format := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.NATIONAL} {
			if dialed := digits(phonenumbers.Format(parsed, format)); !slices.Contains(found, dialed) {
				found = append(found, dialed)
			}
		}
	}
	return strings.Join(found, " ")
}

// dialed returns the digits of a search for a telephone number, and false if it is for something
// else: a number begins with a plus or a zero, or has a slash, and is six digits or more.
func dialed(search string) (string, bool) {
	search = strings.TrimSpace(search)
	foreign := func(r rune) bool { return !strings.ContainsRune("0123456789+ .-/()\u00a0", r) }
	if search == "" || strings.ContainsFunc(search, foreign) || search[0] != '+' && search[0] != '0' && !strings.Contains(search, "/") {
		return "", false
	}
	number := digits(strings.ReplaceAll(search, "(0)", ""))
	number = strings.TrimPrefix(number, "00")
	return number, len(number) >= 6
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
