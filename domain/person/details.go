package person

import (
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/typed"
)

// The most characters that the parts of a name may have, as those of an account's holder.
const (
	maxGivenName     = 80
	maxSurnamePrefix = 30
	maxSurname       = 80
)

// Details are what may be known of a person beside the name. Each may be empty. T is string for all
// that is known, and *string for a request that names only some of it.
type Details[T any] struct {
	Email, Phone T
	BirthDate    T // "2006-01-02"
}

func validName(n typed.Name) error {
	if !typed.Visible(n.Surname) {
		return ErrSurnameRequired
	}
	return domain.First(
		domain.Text("given_name", n.GivenName, maxGivenName),
		domain.Text("surname_prefix", n.SurnamePrefix, maxSurnamePrefix),
		domain.Text("surname", n.Surname, maxSurname))
}

func validDetails(d Details[string], today string) error {
	if d.Email != "" && !mailaddress.Valid(d.Email) {
		return ErrEmailInvalid
	}
	if err := domain.OptionalPhone(d.Phone); err != nil {
		return err
	}
	if d.BirthDate != "" && (!isDay(d.BirthDate) || d.BirthDate > today) {
		return ErrBirthDateInvalid
	}
	return nil
}

// firstYear is the first year that a day of a person may have; earlier ones are slips of the hand.
const firstYear = 1900

// isDay says whether a text is a day, "2006-01-02". Days compare as their texts do.
func isDay(text string) bool {
	day, err := time.Parse(time.DateOnly, text)
	return err == nil && day.Year() >= firstYear
}
