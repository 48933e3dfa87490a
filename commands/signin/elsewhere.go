package signin

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/session"
)

// SignOutElsewhere is the body of the command of that name.
type SignOutElsewhere struct {
	SessionID string `json:"sessionId" format:"uuid" doc:"The asker's own session, which goes on."`
}

// signOutElsewhere ends the sessions of the asker's own account. The door gives the asker's browser
// another token for the one that goes on, see engine.RenewsSession.
func (u UseCases) signOutElsewhere(ctx context.Context, c *engine.Call, in SignOutElsewhere) (engine.None, error) {
	if err := c.Need(rights.OwnAccount); err != nil {
		return engine.None{}, err
	}
	id := c.Actor.AccountID
	c.Concerns(c.Actor.Organization, id, u.Accounts.Stream(id))
	kept, ok := engine.ParseID(in.SessionID)
	if !ok {
		return engine.None{}, session.ErrNotFound
	}
	f, err := u.Sessions.See(ctx, c, kept)
	if err != nil {
		return engine.None{}, err
	}
	if !f.State.Exists || f.State.Ended || f.State.AccountID != id {
		return engine.None{}, session.ErrNotFound
	}
	if _, err := u.Accounts.Decide(ctx, c, id, account.EndSessions{Kept: kept}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	c.EndSessions(context.WithoutCancel(ctx), id)
	return engine.None{}, nil
}
