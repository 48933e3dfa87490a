package typed

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// FoldPhone returns what a telephone number is found by: its digits as they are dialed from abroad
// and at home.
func FoldPhone(number string) string {
	if number == "" {
		return ""
	}
	found := digits(strings.ReplaceAll(number, "(0)", ""))
	if parsed, err := phonenumbers.Parse(number, unknownRegion); err == nil {
		found = digits(phonenumbers.Format(parsed, phonenumbers.E164)) + " " + digits(phonenumbers.Format(parsed, phonenumbers.NATIONAL))
	}
	return found
}

// unknownRegion is of a number that tells its country itself, by a plus.
const unknownRegion = "ZZ"

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
