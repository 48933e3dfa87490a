// Package messages has the use cases of mails: to try one again that was given up, and to read one that
// was written to a file.
package messages

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/message"
)

// UseCases are the commands of mails.
type UseCases struct {
	access.Access
	Messages *aggregates.Messages
}

// Commands returns what can be asked of a mail.
func (u UseCases) Commands() []engine.Command {
	guard := engine.Guard[message.State, message.Command, message.Event]{
		Aggregate: u.Messages, Target: engine.Target{Category: "message", Member: "messageId"}, Reach: u.reach,
	}
	return []engine.Command{
		engine.OneStream(guard, "OpenMail", rights.ManageAccounts, "Shows a mail that was written to a file, with the link in it, which the history tells.",
			func(_ *engine.Call, in OpenMail) (string, message.Command) {
				return in.MessageID, message.Open{}
			}, engine.Elsewhere(), engine.Icon("mail")),
		engine.OneStream(guard, "ResendMessage", rights.ManageAccounts, "Tries a mail again that was given up. One whose link has no force any more is given up again; send the activation again then.",
			func(_ *engine.Call, in ResendMessage) (string, message.Command) {
				return in.MessageID, message.Resend{}
			}, engine.Icon("send")),
	}
}

// OpenMail is the body of the command of that name.
type OpenMail struct {
	MessageID string `json:"messageId" format:"uuid"`
}

// ResendMessage is the body of the command of that name.
type ResendMessage struct {
	MessageID string `json:"messageId" format:"uuid"`
}

// reach returns a mail within the reach of a right.
func (u UseCases) reach(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, message.State, error) {
	return u.Messages.Reached(ctx, c, right, given, message.ErrNotFound, func(_ string, s message.State) engine.Owner {
		return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID, Account: s.AccountID}
	})
}
