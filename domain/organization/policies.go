package organization

import (
	"time"

	"sleutelbos/domain/account"
)

// Policies are the rules that differ between organizations. Each change of them is an event,
// so that one can see which rules were in force on a day.
type Policies struct {
	UsernameRule       UsernameRule      `json:"username_rule"`
	FirstChannels      []account.Channel `json:"first_channels"` // the usual ways to a first password, which are offered first; the others are not refused
	ActivationMonths   int               `json:"activation_months"`
	Password           PasswordPolicy    `json:"password"`
	Licenses           bool              `json:"licenses"`
	SelfRegistration   bool              `json:"self_registration"`
	LastAdminProtected bool              `json:"last_admin_protected"`
	TimeZone           string            `json:"time_zone"` // IANA name
}

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
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" { // "Local" is the machine's
		return ErrTimeZoneInvalid
	}
	return nil
}
