package organization

import (
	"slices"
	"strings"

	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/typed"
)

// UsernameRule says what a username may be.
type UsernameRule string

// The rules.
const (
	UsernameEmail                UsernameRule = "email"
	UsernameEmailInAllowedDomain UsernameRule = "email_in_allowed_domain"
	UsernameUnique               UsernameRule = "unique" // any text that nobody else has
)

// UsernameRules returns every rule.
func UsernameRules() []UsernameRule {
	return []UsernameRule{UsernameEmail, UsernameEmailInAllowedDomain, UsernameUnique}
}

// Values implements domain.Enumeration.
func (UsernameRule) Values() []string { return domain.Values(UsernameRules()) }

const maxUsername = 254

// Refusals of a username.
var (
	ErrUsernameInvalid          = domain.InvalidCode("username", "username-invalid", "A username has 1 to 254 letters, digits and marks, nothing that can't be seen, and no letters of several alphabets in a word.")
	ErrUsernameNotEmail         = domain.InvalidCode("username", "username-not-email", "The username must be a mail address.")
	ErrUsernameDomainNotAllowed = domain.InvalidCode("username", "username-domain-not-allowed", "The mail address is not in a domain of the organization.")
	ErrUsernameDomainElsewhere  = &domain.Error{Kind: domain.KindRule, Code: "username-domain-elsewhere", Detail: "The domain of this mail address belongs to another organization.", Field: "username"}
)

// Check refuses a username, in its canonical form, that the rule does not accept. A
// domain counts only if it is the very same: neither a part of it nor one above it.
func (r UsernameRule) Check(canonical string, allowedDomains []string) error {
	if domain.RequiredText("username", canonical, maxUsername) != nil || strings.TrimSpace(canonical) != canonical {
		return ErrUsernameInvalid
	}
	if r == UsernameUnique {
		if _, ok := typed.Username(canonical); !ok {
			return ErrUsernameInvalid
		}
		return nil
	}
	address, err := mailaddress.Parse(canonical) // in which everything can be seen
	if err != nil {
		return ErrUsernameNotEmail
	}
	if r == UsernameEmailInAllowedDomain && !slices.Contains(allowedDomains, address.Domain) {
		return ErrUsernameDomainNotAllowed
	}
	return nil
}

// DomainOf returns the domain of the mail address that a username is, in the form in which domains
// are claimed; empty if it is no such address. What people read as the domain counts, so that
// neither capitals nor the letters of an international domain make another one of it.
func DomainOf(username string) string {
	canonical, _ := typed.Username(strings.TrimSpace(username))
	address := typed.Mail(canonical)
	at := strings.LastIndexByte(address, '@')
	d, err := mailaddress.Domain(strings.TrimRight(address[at+1:], "."))
	if at < 0 || err != nil {
		return ""
	}
	return d
}
