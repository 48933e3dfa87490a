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
	if err := c.Need(right); err != nil {
		return "", message.State{}, err
	}
	id, ok := engine.ParseID(given)
	if !ok {
		return "", message.State{}, message.ErrNotFound
	}
	f, err := u.Messages.See(ctx, c, id)
	if err != nil {
		return "", message.State{}, err
	}
	if !f.State.Exists {
		return "", message.State{}, message.ErrNotFound
	}
	return id, f.State, c.Reach(right, f.State.OrganizationID, f.State.AccountID, u.Messages.Stream(id), message.ErrNotFound)
}
