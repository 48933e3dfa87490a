package organization

import (
	"slices"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
)

// Policies are the rules that differ between organizations. Each change is an event, so
// it can be told which rules held on a day.
type Policies struct {
	UsernameRule       UsernameRule      `json:"username_rule"`
	FirstChannels      []account.Channel `json:"first_channels"` // the ways to a first password; the first is the usual one
	ActivationMonths   int               `json:"activation_months"`
	Password           PasswordPolicy    `json:"password"`
	Licenses           bool              `json:"licenses"`
	SelfRegistration   bool              `json:"self_registration"`
	LastAdminProtected bool              `json:"last_admin_protected"`
	TimeZone           string            `json:"time_zone"` // IANA name
}

// AllowsChannel says whether an account may get its first password in this way.
func (p Policies) AllowsChannel(c account.Channel) bool { return slices.Contains(p.FirstChannels, c) }

func validPassword(p PasswordPolicy) error {
	if p.MinLength < 8 || p.MinLength > 128 || p.MinUpper < 0 || p.MinDigits < 0 || p.MinUpper+p.MinDigits > p.MinLength {
		return ErrPasswordPolicy
	}
	return nil
}

func validMonths(months int) error {
	if months < 1 || months > 12 {
		return ErrMonthsInvalid
	}
	return nil
}

func validTimeZone(name string) error {
	if domain.RequiredText("time_zone", name, 64) != nil {
		return ErrTimeZoneInvalid
	}
	return nil
}
