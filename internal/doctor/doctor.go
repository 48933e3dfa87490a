// Package doctor looks whether what is stored belongs together: the log, the vault, the read
// models and the seals outside the log. It changes nothing. Everything that it finds says what to
// do about it, in a sentence for the operator, and names nobody but by the id of an account.
package doctor

import (
	"fmt"
	"strings"
)

// Finding is something that does not fit.
type Finding struct {
	Code  string // a stable name for programs
	Count int    // of the things that it concerns
	What  string
	Do    string
}

// OfLog says whether the log may lack something that others know of.
func (f Finding) OfLog() bool { return f.Code != LostReactors && f.Code != SealKey }

func (f Finding) String() string { return f.What + " " + f.Do }

// someOf names the first of the things that a finding concerns.
func someOf(things []string) string {
	const shown = 5
	if len(things) <= shown {
		return strings.Join(things, ", ")
	}
	return strings.Join(things[:shown], ", ") + fmt.Sprintf(" and %d more", len(things)-shown)
}
