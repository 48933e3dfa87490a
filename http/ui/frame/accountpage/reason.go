package accountpage

import (
	"slices"

	"sleutelbos/commands/engine"
)

// Reason says whether the form of an act asks why.
type Reason string

// Whether a form asks why.
const (
	NoReason       Reason = ""
	ReasonOptional Reason = "optional"
	ReasonRequired Reason = "required"
)

// ReasonOf returns whether a command asks why, as its body says.
func ReasonOf(c engine.Command) Reason {
	switch {
	case slices.Contains(c.Body.Required, "reason"):
		return ReasonRequired
	case c.Body.Properties["reason"] != nil:
		return ReasonOptional
	}
	return NoReason
}
