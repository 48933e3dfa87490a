package commands

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
)

// SignIn begins a session with a password. A wrong username and a wrong password are one
// refusal after exactly one password hash each; why a known account may not be used is told
// only after the right password. The session's stream is its own, never the account's.
func (s *Service) SignIn(ctx context.Context, c *engine.Call, in SignIn) (SignedIn, error) {
	id, a, err := s.byUsername(ctx, in.Username)
	if err != nil {
		return SignedIn{}, err
	}
	right, err := s.Look().VerifyPassword(ctx, a.PasswordID, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if !right {
		return SignedIn{}, engine.ErrSignInFailed
	}
	holder, err := s.principal(ctx, id, a)
	if err != nil {
		return SignedIn{}, err
	}
	c.ActAs(holder)
	c.Concerns(a.OrganizationID, id, s.accounts.Stream(id))
	if err := a.LoginRefusal(c.Now); err != nil {
		return SignedIn{}, err
	}
	sessionID, fresh, err := c.NewID("session_id", "")
	if err != nil {
		return SignedIn{}, err
	}
	start := session.Start{AccountID: id, Method: session.MethodPassword}
	if _, err := s.sessions.Decide(ctx, c, sessionID, start, engine.Step{Own: true, New: fresh}); err != nil {
		return SignedIn{}, err
	}
	return SignedIn{AccountID: id, SessionID: sessionID, PasswordChangeRequired: a.PasswordChangeRequired}, nil
}

// byUsername finds the account that holds a username; the zero state if none does.
func (s *Service) byUsername(ctx context.Context, username string) (string, account.State, error) {
	stream := s.Reservation(reservation.KindUsername, CanonicalUsername(username))
	holder, err := s.HolderOf(ctx, stream)
	if err != nil || holder == "" {
		return "", account.State{}, err
	}
	f, err := s.accounts.Load(ctx, holder)
	if f.State.UsernameReservation != stream {
		return "", account.State{}, err // claimed, and the account not opened yet
	}
	return holder, f.State, err
}

// SignOut ends the asker's own session.
func (s *Service) SignOut(ctx context.Context, c *engine.Call, in SignOut) (engine.None, error) {
	if err := c.Need(rights.OwnAccount); err != nil {
		return engine.None{}, err
	}
	id, ok := engine.ParseID(in.SessionID)
	if !ok {
		return engine.None{}, session.ErrNotFound
	}
	f, err := s.sessions.See(ctx, c, id)
	if err != nil {
		return engine.None{}, err
	}
	if err := c.Reach(rights.OwnAccount, c.Actor.Organization, f.State.AccountID, s.sessions.Stream(id), session.ErrNotFound); err != nil {
		return engine.None{}, err
	}
	_, err = s.sessions.Decide(ctx, c, id, session.End{Because: session.BecauseSignedOut}, engine.Step{Own: true})
	return engine.None{}, err
}
