package reactors

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// recipient is who gets a mail.
type recipient struct {
	account string // whose key seals the address
	address string
	admin   bool // in the holder's place
}

// recipients returns who gets the mail of an account: its holder, or its administrators if the
// account says so.
func (m Messages) recipients(ctx context.Context, c *engine.Call, accountID string, a account.State) ([]recipient, error) {
	if !a.MailToAdmin {
		return []recipient{{accountID, a.Address(), false}}, nil
	}
	o, err := m.Organizations.Load(ctx, a.OrganizationID)
	if err != nil {
		return nil, err
	}
	admins, err := m.adminRecipients(ctx, c, o.State, accountID)
	for i := range admins {
		admins[i].account, admins[i].admin = accountID, true
	}
	return admins, err
}

// adminRecipients returns every administrator who can sign in, except the account that the mail
// is about. If there is none it returns the support address, so that the mail always goes to
// somebody (AMB-N7, AMB-N8).
func (m Messages) adminRecipients(ctx context.Context, c *engine.Call, o organization.State, but string) ([]recipient, error) {
	able, err := m.Admins.Able(ctx, c, o)
	if err != nil {
		return nil, err
	}
	var all []recipient
	for _, id := range able {
		f, err := m.Accounts.Load(ctx, id)
		if err != nil {
			return nil, err
		}
		if address := f.State.Address(); address != "" && id != but {
			all = append(all, recipient{account: id, address: address})
		}
	}
	if len(all) == 0 && m.Support != "" {
		all = append(all, recipient{account: but, address: m.Support})
	}
	if len(all) == 0 {
		m.Engine.Log().ErrorContext(ctx, "a mail has nobody to go to: no administrator has an address, and no support address is configured", "account", but)
	}
	return all, nil
}
