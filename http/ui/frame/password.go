package frame

import "sleutelbos/commands/access"

// ShownRules are the rules of a password, to be read before they are broken. Those that
// are zero are not shown.
type ShownRules struct {
	For   string // id of the field
	Rules access.PasswordRules
}
