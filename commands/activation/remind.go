package activation

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/message"
)

// remind tells the holder of an account, at most once a day, that the link which counts was mailed
// before. It goes where the newest link went: once the holder has another address, no link counts
// before one is sent there. No link is made or loses its force, and the asker is told nothing.
func (u UseCases) remind(ctx context.Context, c *engine.Call, id string, a account.State) error {
	if a.MailToAdmin || a.Address() == "" || a.MayActivate(a.Activation.CredentialID, c.Now) != nil {
		return nil //nolint:nilerr // there is nothing to be reminded of
	}
	c.Concerns(a.OrganizationID, id, u.Accounts.Stream(id))
	c.Hide()
	day := c.Now.UTC().Format(time.DateOnly)
	reminder := uuid.NewSHA1(uuid.NameSpaceURL, []byte("activation-reminder/"+id+"/"+day)).String()
	err := u.Texts.Queue(ctx, c, reminder, message.Queue{
		AccountID: id, OrganizationID: a.OrganizationID, Template: message.TemplateReminder, Recipient: a.Address(), Language: u.Language,
	})
	if _, refused := errors.AsType[*domain.Error](err); refused {
		err = nil // nothing that the asker may know
	}
	return err
}
