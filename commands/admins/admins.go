// Package admins keeps who administers an organization and the accounts of these in agreement.
// Which administrators are in service is decided on the organization's stream, so that the last
// one who can sign in always stays (N-31).
package admins

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// UseCases are the commands about administrators, and what other areas do with them.
type UseCases struct{ access.Access }

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	return []engine.Command{
		engine.Handled("AppointAdmin", rights.ManageAdmins, "Makes an account an administrator of its organization.",
			u.appoint, engine.ActsOn(access.Account), engine.UndoneBy[DismissAdmin](), engine.Reads(func(in AppointAdmin) []engine.Read {
				return u.both(in.OrganizationID, in.AccountID)
			}), engine.Icon("shield")),
		engine.Handled("DismissAdmin", rights.ManageAdmins, "Ends an account's administration of its organization. The last one stays.",
			u.dismiss, engine.ActsOn(access.Account), engine.UndoneBy[AppointAdmin](), engine.Reads(func(in DismissAdmin) []engine.Read {
				return u.both(in.OrganizationID, in.AccountID)
			}), engine.Icon("shield"), engine.TakesAway()),
	}
}

func (u UseCases) both(organization, account string) []engine.Read {
	return []engine.Read{u.Organizations.Read(organization), u.Accounts.Read(account)}
}

// AppointAdmin is the body of the command of that name.
type AppointAdmin struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	AccountID      string `json:"accountId" format:"uuid"`
}

// DismissAdmin is the body of the command of that name.
type DismissAdmin struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	AccountID      string `json:"accountId" format:"uuid"`
	OwnAccount     bool   `json:"ownAccount,omitzero" doc:"Confirms that the asker means the own account; without it the command is refused for that."`
}

// ErrNotAppointable refuses an account that has another role.
var ErrNotAppointable = domain.Rule("admin-role-conflict", "Only people who do not have another role can be administrators.")

// appoint makes an account of the organization one of its administrators. The account is read,
// not locked: if it is blocked in the same moment, Settle has it stand down.
func (u UseCases) appoint(ctx context.Context, c *engine.Call, in AppointAdmin) (engine.None, error) {
	organizationID, _, err := u.Organization(ctx, c, rights.ManageAdmins, in.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	id, a, err := u.Member(ctx, c, organizationID, in.AccountID)
	switch {
	case err != nil:
		return engine.None{}, err
	case a.Closed:
		return engine.None{}, account.ErrClosed
	case a.Role != account.RoleUser && a.Role != account.RoleAdmin:
		return engine.None{}, ErrNotAppointable
	}
	c.Concerns(organizationID, id, u.Organizations.Stream(organizationID))
	if _, err := u.Organizations.Decide(ctx, c, organizationID, organization.Appoint{AccountID: id}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	u.SettleOrLog(ctx, c, organizationID, id)
	return engine.None{}, nil
}

// dismiss ends an account's administration. The other administrators' accounts are read, not
// locked: an activation is never undone, and whoever stops one of these accounts has to pass the
// organization's stream, as this does.
func (u UseCases) dismiss(ctx context.Context, c *engine.Call, in DismissAdmin) (engine.None, error) {
	organizationID, o, err := u.Organization(ctx, c, rights.ManageAdmins, in.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	id, _, err := u.Member(ctx, c, organizationID, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	c.Concerns(organizationID, id, u.Organizations.Stream(organizationID))
	able, err := u.Able(ctx, c, o)
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.Organizations.Decide(ctx, c, organizationID, organization.Dismiss{AccountID: id, CanLogIn: able}, engine.Step{Own: true})
	return engine.None{}, err
}
