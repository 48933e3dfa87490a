package organization

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sleutelbos/domain"
)

// MaxPassword is the greatest length of a password in characters. Hashing a longer one
// would only cost the server time.
const MaxPassword = 256

// PasswordPolicy is what a password must have at least, in characters.
type PasswordPolicy struct {
	MinLength int `json:"min_length"`
	MinUpper  int `json:"min_upper"`
	MinDigits int `json:"min_digits"`
}

// Check returns everything that is wrong with a password for an account, or nothing if it
// is good enough. The codes are password-too-short, password-too-long, password-needs-upper,
// password-needs-digit, password-contains-username and password-invalid.
func (p PasswordPolicy) Check(password, username string) []*domain.Error {
	var wrong []*domain.Error
	add := func(code, detail string) {
		wrong = append(wrong, domain.InvalidCode("password", "password-"+code, detail))
	}
	length := utf8.RuneCountInString(password)
	if !utf8.ValidString(password) {
		add("invalid", "This is not valid UTF-8 text.")
	}
	if length < p.MinLength {
		add("too-short", "At least "+counted(p.MinLength, "character"))
	}
	if length > MaxPassword {
		add("too-long", "At most "+counted(MaxPassword, "character"))
	}
	if count(password, unicode.IsUpper) < p.MinUpper {
		add("needs-upper", "At least "+counted(p.MinUpper, "capital"))
	}
	if count(password, unicode.IsDigit) < p.MinDigits {
		add("needs-digit", "At least "+counted(p.MinDigits, "digit"))
	}
	if username != "" && strings.Contains(strings.ToLower(password), strings.ToLower(username)) {
		add("contains-username", "The password must not contain the username.")
	}
	return wrong
}

func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return strconv.Itoa(n) + " " + thing + "."
}

func count(s string, is func(rune) bool) int {
	n := 0
	for _, r := range s {
		if is(r) {
			n++
		}
	}
	return n
}
