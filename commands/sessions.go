package commands

import (
	"context"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
)

// SignIn begins a session with a password. A wrong username and a wrong password are one
// refusal after exactly one password hash each; why a known account may not be used is told
// only after the right password. The session's stream is its own, never the account's.
func (s *Service) SignIn(ctx context.Context, c *Call, in SignIn) (SignedIn, error) {
	id, a, err := s.byUsername(ctx, in.Username)
	if err != nil {
		return SignedIn{}, err
	}
	right, err := s.Vault.VerifyPassword(ctx, a.PasswordID, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if !right {
		return SignedIn{}, ErrSignInFailed
	}
	holder, err := s.principal(ctx, id, a)
	if err != nil {
		return SignedIn{}, err
	}
	c.actAs(holder)
	c.concerns(a.OrganizationID, id, s.accounts.stream(id))
	if err := a.LoginRefusal(c.Now); err != nil {
		return SignedIn{}, err
	}
	sessionID, fresh, err := c.newID("session_id", "")
	if err != nil {
		return SignedIn{}, err
	}
	start := session.Start{AccountID: id, Method: session.MethodPassword}
	if _, err := s.sessions.decide(ctx, c, sessionID, start, step{own: true, new: fresh}); err != nil {
		return SignedIn{}, err
	}
	return SignedIn{AccountID: id, SessionID: sessionID, PasswordChangeRequired: a.PasswordChangeRequired}, nil
}

// byUsername finds the account that holds a username; the zero state if none does.
func (s *Service) byUsername(ctx context.Context, username string) (string, account.State, error) {
	stream := s.reservation(reservation.KindUsername, CanonicalUsername(username))
	r, err := s.reservations.load(ctx, stream)
	if err != nil || r.state.Holder == "" {
		return "", account.State{}, err
	}
	f, err := s.accounts.load(ctx, r.state.Holder)
	if f.state.UsernameReservation != stream {
		return "", account.State{}, err // claimed, and the account not opened yet
	}
	return r.state.Holder, f.state, err
}

// SignOut ends the asker's own session.
func (s *Service) SignOut(ctx context.Context, c *Call, in SignOut) (None, error) {
	if err := c.need(rights.OwnAccount); err != nil {
		return None{}, err
	}
	id, ok := parseID(in.SessionID)
	if !ok {
		return None{}, session.ErrNotFound
	}
	f, err := s.sessions.see(ctx, c, id)
	if err != nil {
		return None{}, err
	}
	if err := c.reach(rights.OwnAccount, c.Actor.Organization, f.state.AccountID, s.sessions.stream(id), session.ErrNotFound); err != nil {
		return None{}, err
	}
	_, err = s.sessions.decide(ctx, c, id, session.End{Because: session.BecauseSignedOut}, step{own: true})
	return None{}, err
}
