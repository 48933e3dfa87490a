package account

import (
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/postal"
)

func validName(name string) error { return domain.RequiredText("name", name, domain.MaxName) }

func validDescription(text string) error {
	return domain.Lines("description", text, domain.MaxDescription)
}

// validUsername refuses what no organization accepts. The caller checks the organization's
// own rule, which is not known here.
func validUsername(username, reservation string) error {
	return domain.First(
		domain.RequiredText("username", username, maxUsername),
		domain.Identifier("username_reservation", reservation))
}

func validEmail(email string) error {
	if email != "" && !mailaddress.Valid(email) {
		return ErrEmailInvalid
	}
	return nil
}

func validCountry(country string) error {
	if country != "" && !postal.KnownCountry(country) {
		return ErrCountryInvalid
	}
	return nil
}

// validEnd refuses a last day that is no date, or that is over.
func validEnd(date string, endsAt, now time.Time) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil || endsAt.IsZero() {
		return ErrValidUntilInvalid
	}
	if !endsAt.After(now) {
		return ErrValidUntilPast
	}
	return nil
}
