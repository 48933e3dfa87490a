package typed

import (
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
