package domain

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The most characters that a text may have.
const (
	MaxName        = 200
	MaxDescription = 2000
	MaxReason      = 500
)

// Text refuses a text that is too long or holds what a screen, a mail or a letter could
// be misled with: control characters, line separators, overrides of the writing
// direction, bytes that are no UTF-8. Empty is accepted. Its refusals are
// "<field>-too-long" and "<field>-invalid"; none holds the value.
func Text(field, value string, most int) error {
	if !utf8.ValidString(value) {
		return Invalid(field, "This is not valid UTF-8 text.")
	}
	if utf8.RuneCountInString(value) > most {
		return InvalidCode(field, kebab(field)+"-too-long", "At most "+strconv.Itoa(most)+" characters.")
	}
	if strings.ContainsFunc(value, misleading) {
		return Invalid(field, "Control characters, line breaks and overrides of the writing direction are not allowed.")
	}
	return nil
}

// RequiredText is Text that also refuses the empty and the blank, as "<field>-required".
func RequiredText(field, value string, most int) error {
	if strings.TrimSpace(value) == "" {
		return InvalidCode(field, kebab(field)+"-required", "This is required.")
	}
	return Text(field, value, most)
}

// Reason refuses a missing or unacceptable reason for a change.
func Reason(value string) error { return RequiredText("reason", value, MaxReason) }

// Identifier refuses what cannot be an id or the name of a stream: 1 to 200 letters,
// digits, dots, underscores and hyphens.
func Identifier(field, value string) error {
	if value == "" {
		return InvalidCode(field, kebab(field)+"-required", "This is required.")
	}
	foreign := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	}
	if len(value) > 200 || strings.ContainsFunc(value, foreign) {
		return Invalid(field, "This is not an identifier.")
	}
	return nil
}

// First answers the first refusal, nil if there is none.
func First(refusals ...error) error {
	for _, err := range refusals {
		if err != nil {
			return err
		}
	}
	return nil
}

// Instant is the time as events store it: UTC, without the reading of a monotonic clock.
func Instant(t time.Time) time.Time { return t.Round(0).UTC() }

func misleading(r rune) bool {
	return unicode.IsControl(r) ||
		r == '\u2028' || r == '\u2029' || // line and paragraph separators
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' // embeddings, overrides and isolates
}
