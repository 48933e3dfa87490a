// Package accounts has the use cases of accounts: opening one, what stops it from being used and
// lets it be used again, what is known of its holder, its passwords and API keys.
package accounts

import (
	"slices"

	"sleutelbos/commands/access"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
)

// UseCases are the commands of accounts. It has many methods because each command that looks
// further is one; they share nothing but the fields.
type UseCases struct {
	access.Access
	Admins admins.UseCases
}

// onAccount is what the commands of an account that is there already act on.
var onAccount = engine.ActsOn(access.Account)

// Commands returns what can be asked of an account. Each file declares its own.
func (u UseCases) Commands() []engine.Command {
	return slices.Concat(creation(u), stopping(u), shielding(u), validity(u), naming(u), details(u), apiKeys(u), passwords(u))
}
