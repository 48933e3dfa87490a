// Package signin has the use cases of signing in and out.
package signin

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/domain/typed"
)

// UseCases are the commands of sessions.
type UseCases struct {
	access.Access
	Sessions *aggregates.Sessions
}

// Commands returns what can be asked. Their door is the one that keeps the cookie.
func (u UseCases) Commands() []engine.Command {
	return []engine.Command{
		engine.ForStrangers("SignIn", "Begins a session with a username and a password.", u.signIn, engine.Elsewhere(), engine.Icon("user")),
		engine.Handled("SignOut", rights.OwnAccount, "Ends one's own session.", u.signOut, engine.Elsewhere(), engine.Icon("out")),
		engine.Handled("SignOutElsewhere", rights.OwnAccount, "Ends the other sessions of one's own account.", u.signOutElsewhere, engine.RenewsSession(), engine.Icon("out")),
	}
}

// SignIn is the body of the command of that name.
type SignIn struct {
	Username string `json:"username"`
	Password string `json:"password" secret:"yes"`
}

// SignedIn is the result of SignIn.
type SignedIn struct {
	AccountID              string `json:"accountId"`
	SessionID              string `json:"sessionId"` // of the stream session-<id>; not a secret
	PasswordChangeRequired bool   `json:"passwordChangeRequired"`
	Epoch                  int    `json:"epoch"` // of the account, when the password was verified
}

// SignOut is the body of the command of that name.
type SignOut struct {
	SessionID string `json:"sessionId"`
}

// signIn begins a session with a password. A wrong username and a wrong password get the same
// refusal, each after exactly one password hash, and as few tries. A wrong password is told in the
// history of the account. Why an account may not be used is told only
// after the right password; a program may use none. The session has a stream of its own; the account's gets no event.
func (u UseCases) signIn(ctx context.Context, c *engine.Call, in SignIn) (SignedIn, error) {
	id, a, err := u.byUsername(ctx, in.Username)
	if err != nil {
		return SignedIn{}, err
	}
	if id != "" {
		c.Concerns(a.OrganizationID, id, u.Accounts.Stream(id))
	}
	right, err := u.VerifySignIn(ctx, typed.Caseless(in.Username), c.Origin.Address, a.PasswordID, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if !right {
		return SignedIn{}, engine.ErrSignInFailed
	}
	if a.Role == account.RoleService {
		return SignedIn{}, account.ErrProgram
	}
	holder, err := u.Holder(ctx, id, a)
	if err != nil {
		return SignedIn{}, err
	}
	c.ActAs(holder)
	if err := a.LoginRefusal(c.Now); err != nil {
		return SignedIn{}, err
	}
	if _, err := u.Principal(ctx, id); err != nil { // from now on the vault knows the account; the password was slow
		return SignedIn{}, err
	}
	sessionID, fresh, err := c.MakeID("session_id")
	if err != nil {
		return SignedIn{}, err
	}
	start := session.Start{AccountID: id, Method: session.MethodPassword}
	if _, err := u.Sessions.Decide(ctx, c, sessionID, start, engine.Step{Own: true, New: fresh}); err != nil {
		return SignedIn{}, err
	}
	return SignedIn{AccountID: id, SessionID: sessionID, PasswordChangeRequired: a.PasswordChangeRequired, Epoch: a.Epoch}, nil
}

// byUsername returns the account that holds a username; the zero state if none does.
func (u UseCases) byUsername(ctx context.Context, username string) (string, account.State, error) {
	for _, known := range typed.KnownUsernames(username) {
		stream := u.Engine.Reservation(reservation.KindUsername, known)
		holder, err := u.Engine.HolderOf(ctx, stream)
		if err != nil {
			return "", account.State{}, err
		}
		if holder == "" {
			continue
		}
		f, err := u.Accounts.Load(ctx, holder)
		if err != nil || f.State.UsernameReservation == stream { // else it is claimed, and the account not opened yet
			return holder, f.State, err
		}
	}
	return "", account.State{}, nil
}

// signOut ends the asker's own session.
func (u UseCases) signOut(ctx context.Context, c *engine.Call, in SignOut) (engine.None, error) {
	if err := c.Need(rights.OwnAccount); err != nil {
		return engine.None{}, err
	}
	id, ok := engine.ParseID(in.SessionID)
	if !ok {
		return engine.None{}, session.ErrNotFound
	}
	f, err := u.Sessions.See(ctx, c, id)
	if err != nil {
		return engine.None{}, err
	}
	if err := c.Reach(rights.OwnAccount, c.Actor.Organization, f.State.AccountID, u.Sessions.Stream(id), session.ErrNotFound); err != nil {
		return engine.None{}, err
	}
	_, err = u.Sessions.Decide(ctx, c, id, session.End{Because: session.BecauseSignedOut}, engine.Step{Own: true})
	return engine.None{}, err
}
