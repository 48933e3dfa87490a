package domain

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sleutelbos/domain/typed"
)

// The most characters that a text may have.
const (
	MaxName        = 200
	MaxDescription = 2000
	MaxReason      = 500
)

// Text refuses a text that is too long, or that could mislead the reader of a screen, a mail
// or a letter: one with control characters, line separators, overrides of the writing
// direction or bytes that are not UTF-8. The empty text is accepted. The codes of its
// refusals are "<field>-too-long" and "<field>-invalid"; no refusal holds the value.
func Text(field, value string, most int) error { return text(field, value, most, misleading) }

// Lines refuses what Text refuses but for tabs and the ends of lines, each of which is one line
// feed.
func Lines(field, value string, most int) error {
	return text(field, value, most, func(r rune) bool { return r != '\n' && r != '\t' && misleading(r) })
}

func text(field, value string, most int, foreign func(rune) bool) error {
	if !utf8.ValidString(value) {
		return Invalid(field, "This is not valid UTF-8 text.")
	}
	if utf8.RuneCountInString(value) > most {
		return InvalidCode(field, kebab(field)+"-too-long", "At most "+strconv.Itoa(most)+" characters.")
	}
	if strings.ContainsFunc(value, foreign) {
		return Invalid(field, "Control characters, line breaks and overrides of the writing direction are not allowed.")
	}
	return nil
}

// RequiredText refuses what Text refuses, and a text that shows nothing as "<field>-required".
func RequiredText(field, value string, most int) error {
	return First(required(field, value), Text(field, value, most))
}

// RequiredLines refuses what Lines refuses, and a text that shows nothing as "<field>-required".
func RequiredLines(field, value string, most int) error {
	return First(required(field, value), Lines(field, value, most))
}

func required(field, value string) error {
	if !typed.Visible(value) {
		return InvalidCode(field, kebab(field)+"-required", "This is required.")
	}
	return nil
}

// Reason refuses a missing or unacceptable reason for a change.
func Reason(value string) error { return First(required("reason", value), OptionalReason(value)) }

// OptionalReason refuses an unacceptable reason for a change that needs none.
func OptionalReason(value string) error { return Lines("reason", value, MaxReason) }

// Identifier refuses what cannot be an id or the name of a stream. One has 1 to 200 letters
// of ASCII, digits, dots, underscores and hyphens.
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

// First returns the first refusal of the list, or nil if there is none.
func First(refusals ...error) error {
	for _, err := range refusals {
		if err != nil {
			return err
		}
	}
	return nil
}

// Instant returns the time as events store it: in UTC, without a monotonic clock reading.
func Instant(t time.Time) time.Time { return t.Round(0).UTC() }

func misleading(r rune) bool {
	return unicode.IsControl(r) ||
		r == '\u2028' || r == '\u2029' || // line and paragraph separators
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' // embeddings, overrides and isolates
}
