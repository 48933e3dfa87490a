// Package activation has the use cases by which the holder of an account chooses the first
// password: with the link from a mail, and where the channel says so the code from a letter.
package activation

import (
	"time"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/mailtemplates"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
)

// UseCases are the commands of activations.
type UseCases struct {
	access.Access
	Texts    mailtemplates.UseCases
	Language string                   // of the page, and of reminders
	Asked    engine.Memory[time.Time] // when an account last asked for a new activation
}

// Path is where the page of an activation link is, below the public URL; the token follows.
const Path = "/activate/"

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	return []engine.Command{
		engine.Handled("SendActivation", rights.ManageAccounts, "Sends an account its activation, or sends it again; an earlier one loses its force.",
			u.send, engine.ActsOn(access.Account), engine.Icon("send")),
		engine.ForStrangers("ActivateAccount", "Chooses the first password, with the link from the mail and, where asked for, the code from the letter.", u.activate, engine.Icon("check")),
		engine.ForStrangers("RequestNewActivation", "Asks for a new activation, with a link that has no force any more.", u.requestNew, engine.Icon("mail")),
	}
}

// These refuse what the account itself knows nothing of.
var (
	ErrLinkUnknown  = domain.NotFound("activation-unknown", "This link is not known.")
	ErrCodeRequired = domain.InvalidCode("code", "code-required", "The code from the letter is needed too.")
)
