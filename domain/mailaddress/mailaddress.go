// Package mailaddress says what a mail address is. It is stricter than the mail standards,
// because an address can decide who gets in. It accepts one plain local@domain in ASCII and
// refuses display names, quotes, comments, lists and everything that two programs could
// read in two ways.
package mailaddress

import (
	"net/mail"
	"strings"

	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// The most bytes of an address and of its parts, as RFC 5321 has them.
const (
	maxAddress = 254
	maxLocal   = 64
	maxDomain  = 253
	maxLabel   = 63
)

// punycode begins a label of an international name.
const punycode = "xn--"

// Refusals.
var (
	ErrInvalid       = domain.InvalidCode("email", "email-invalid", "This is not a mail address of the form name@domain.")
	ErrDomainInvalid = domain.InvalidCode("domain", "domain-invalid", "This is not a domain name in lower case ASCII (or punycode).")
)

// Address is an accepted mail address.
type Address struct {
	Local  string // as it was written
	Domain string // in lower case
}

// Parse accepts an address, spaces around it aside, or returns ErrInvalid.
func Parse(input string) (Address, error) {
	s := strings.TrimSpace(input)
	if len(s) > maxAddress || strings.Count(s, "@") != 1 || strings.ContainsAny(s, "\"()<>,;:\\[] \t") || !ascii(s) {
		return Address{}, ErrInvalid
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || parsed.Name != "" {
		return Address{}, ErrInvalid
	}
	local, host, _ := strings.Cut(s, "@")
	if len(local) > maxLocal {
		return Address{}, ErrInvalid
	}
	host, err = Domain(host)
	if err != nil {
		return Address{}, ErrInvalid
	}
	return Address{Local: local, Domain: host}, nil
}

// Valid says whether Parse accepts the address exactly as it is, without spaces around it.
func Valid(s string) bool {
	_, err := Parse(s)
	return err == nil && s == strings.TrimSpace(s)
}

// String returns the address as mail is sent to it: the local part as it was written.
func (a Address) String() string { return a.Local + "@" + a.Domain }

// Domain returns a domain name in its canonical form, which is lower case, or
// ErrDomainInvalid. It has two labels or more; an international name gets its form in punycode.
func Domain(input string) (string, error) {
	input = strings.TrimSpace(input)
	s := typed.Domain(input)
	if !ascii(s) || !ascii(input) && !strings.Contains(s, punycode) { // a letter that is one of ASCII in disguise
		return "", ErrDomainInvalid
	}
	s = strings.ToLower(s)
	labels := strings.Split(s, ".")
	if len(s) > maxDomain || len(labels) < 2 {
		return "", ErrDomainInvalid
	}
	for _, label := range labels {
		if !validLabel(label) {
			return "", ErrDomainInvalid
		}
	}
	// A top-level domain holds a letter; otherwise it could be an address of a machine.
	if !strings.ContainsFunc(labels[len(labels)-1], func(r rune) bool { return r >= 'a' && r <= 'z' }) {
		return "", ErrDomainInvalid
	}
	return s, nil
}

func validLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, b := range []byte(label) {
		if !(b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-') {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
