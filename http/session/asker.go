package session

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/http/server"
)

// Askers finds out who asks: by session, by API key, or nobody.
type Askers struct {
	Who      engine.Askers
	Commands *engine.Commands
	Engine   *engine.Engine
	Sessions *Manager
}

type askerKey struct{}

// Middleware puts the asker into the request's context, see Who. Credentials that are not
// good are refused at once: nobody who sent some is taken for a stranger. The account is
// asked at every request, so that a blocked one is out within one.
func (a *Askers) Middleware(next http.Handler) http.Handler {
	return a.Sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := a.find(r)
		if err == nil {
			err = server.Known(r.Context(), who.AccountID)
		}
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), askerKey{}, who)))
	}))
}

// Browsers is Middleware for pages, which only a session opens: an API key is for programs.
func (a *Askers) Browsers(next http.Handler) http.Handler {
	found := a.Middleware(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			r = r.Clone(r.Context())
			r.Header.Del("Authorization")
		}
		found.ServeHTTP(w, r)
	})
}

func (a *Askers) find(r *http.Request) (rights.Principal, error) {
	if credentials := r.Header.Get("Authorization"); credentials != "" {
		scheme, key, _ := strings.Cut(credentials, " ")
		if !strings.EqualFold(scheme, "Bearer") || key == "" {
			return rights.Principal{}, engine.ErrNotSignedIn
		}
		return a.Who.Authenticate(r.Context(), key)
	}
	s, ok := a.Sessions.Of(r.Context())
	if !ok {
		return rights.Stranger, nil
	}
	who, err := a.holder(r.Context(), s)
	if errors.Is(err, engine.ErrNotSignedIn) {
		// Not an error to a page that shows a form to sign in: the session is over.
		return rights.Stranger, a.Sessions.Close(r.Context())
	}
	return who, err
}

// holder returns whose session it is. It returns ErrNotSignedIn if the account may not be used
// (any more), or if its sessions were ended after the password of this one was verified.
func (a *Askers) holder(ctx context.Context, s Session) (rights.Principal, error) {
	who, err := a.Who.Principal(ctx, s.AccountID)
	if err == nil && who.Epoch != s.Epoch {
		err = engine.ErrNotSignedIn
	}
	if err != nil {
		return rights.Principal{}, err
	}
	return who, nil
}

// Who returns who asks; the stranger where Middleware was not passed.
func Who(ctx context.Context) rights.Principal {
	if who, ok := ctx.Value(askerKey{}).(rights.Principal); ok {
		return who
	}
	return rights.Stranger
}

// SignedIn says whether the asker is known.
func SignedIn(ctx context.Context) bool { return Who(ctx).Kind == eventstore.ActorAccount }

// Request begins a command of the request's asker, with where it came from.
func Request(r *http.Request, channel string) engine.Request {
	return engine.Request{
		Actor:         Who(r.Context()),
		Origin:        eventstore.Origin{Channel: channel, Address: server.ClientAddress(r), UserAgent: userAgent(r)},
		CorrelationID: problem.RequestID(r.Context()),
	}
}

// The most of a user agent that is worth keeping.
const maxUserAgent = 300

func userAgent(r *http.Request) string {
	ua := strings.ToValidUTF8(r.UserAgent(), "")
	if len(ua) > maxUserAgent {
		ua = strings.ToValidUTF8(ua[:maxUserAgent], "")
	}
	return ua
}

// SignIn checks a username and password and opens a session.
func (a *Askers) SignIn(r *http.Request, channel, username, password string) (signin.SignedIn, error) {
	ctx := r.Context()
	req := Request(r, channel)
	req.Actor = rights.Stranger // whoever was signed in before is nobody here
	outcome, err := a.Commands.Run(ctx, req, signin.SignIn{Username: username, Password: password})
	if err != nil {
		return signin.SignedIn{}, err
	}
	in, err := engine.Result[signin.SignedIn](outcome)
	if err != nil {
		return signin.SignedIn{}, err
	}
	return in, a.Sessions.Open(ctx, Session{AccountID: in.AccountID, ID: in.SessionID, Epoch: in.Epoch})
}

// SignOut ends the request's session; without one nothing happens.
func (a *Askers) SignOut(r *http.Request, channel string) error {
	ctx := r.Context()
	s, ok := a.Sessions.Of(ctx)
	if !ok {
		return nil
	}
	_, err := a.Commands.Run(ctx, Request(r, channel), signin.SignOut{SessionID: s.ID})
	return errors.Join(a.Sessions.Close(ctx), err)
}

// Again finds out anew who asks, for a response that goes on for long. It returns ErrNotSignedIn
// once the session ended, the key was revoked or the account may not be used any more.
func (a *Askers) Again(r *http.Request) (rights.Principal, error) {
	if r.Header.Get("Authorization") != "" {
		return a.find(r)
	}
	s, ok := a.Sessions.Of(r.Context())
	if !ok {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	alive, err := a.Sessions.alive(r.Context())
	if err != nil {
		return rights.Principal{}, err
	}
	if !alive {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	return a.holder(r.Context(), s)
}

// Renew gives the request's session another token, after a command that ended all sessions of
// its account. The asker was let in when the request began.
func (a *Askers) Renew(ctx context.Context) error {
	s, ok := a.Sessions.Of(ctx)
	if !ok {
		return engine.ErrNotSignedIn
	}
	who, err := a.Who.Principal(ctx, s.AccountID)
	if err != nil {
		return err
	}
	return a.Sessions.renew(ctx, who.Epoch)
}
