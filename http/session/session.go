// Package session remembers in a browser who signed in: an opaque token in a cookie, its
// hash and what belongs to it in the store. Whether the account may still be used is not
// its matter: that is asked of the account at every request.
package session

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"sleutelbos/domain/session"
	"sleutelbos/http/problem"
)

// How long a session lasts.
const (
	Idle     = 30 * time.Minute // without a request
	Absolute = session.Longest  // whatever happens
)

// Store keeps sessions by their token, and says how their data is encoded. The package scs
// says what the methods promise.
//
// CommitCtx changes a session where it stands, and does nothing to one that ended; OpenCtx
// makes one.
type Store interface {
	scs.CtxStore
	scs.Codec
	OpenCtx(ctx context.Context, token string, data []byte, expiry time.Time) error
}

// Manager opens, finds and ends sessions.
type Manager struct{ scs *scs.SessionManager }

// Session is what is remembered.
type Session struct {
	AccountID string
	ID        string // of the stream session-<id>; not a secret
	Epoch     int    // of the account, when it signed in; in a later one the session is over
}

const (
	accountKey = "account"
	idKey      = "session"
	epochKey   = "epoch"
	formKey    = "form"
)

// New returns a manager. Behind TLS the cookie is bound to this very host.
func New(store Store, publicURL *url.URL) *Manager {
	m := scs.New()
	m.Codec, m.Store = store, newCalmStore(store)
	m.IdleTimeout, m.Lifetime = Idle, Absolute
	m.Cookie.Name, m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path = "sleutelbos", true, http.SameSiteLaxMode, "/"
	m.Cookie.Persist = false // the cookie goes with the browser
	if publicURL.Scheme == "https" {
		m.Cookie.Name, m.Cookie.Secure = "__Host-sleutelbos", true
	}
	m.ErrorFunc = refuse
	return &Manager{m}
}

// Middleware finds the request's session, and writes what became of it into the response.
func (m *Manager) Middleware(next http.Handler) http.Handler {
	found := m.scs.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found.ServeHTTP(&response{ResponseWriter: w}, r.WithContext(withRequest(r.Context())))
	})
}

// response is what a request with a session gets. Once it is refused because its session can't be kept, nothing is added.
type response struct {
	http.ResponseWriter
	refused bool
}

// refuse writes the problem in the place of what the handler is about to write: the session is kept just before that.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	for _, name := range []string{"Content-Disposition", "Content-Length", "ETag", "Location"} {
		w.Header().Del(name)
	}
	problem.Write(w, r, err)
	if own, ok := w.(*response); ok {
		own.refused = true
	}
}

func (w *response) WriteHeader(status int) {
	if !w.refused {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *response) Write(b []byte) (int, error) {
	if w.refused {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap returns the response below, for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Of returns the session of the request's context; false if nobody signed in.
func (m *Manager) Of(ctx context.Context) (Session, bool) {
	s := Session{AccountID: m.scs.GetString(ctx, accountKey), ID: m.scs.GetString(ctx, idKey)}
	epoch, err := strconv.Atoi(m.scs.GetString(ctx, epochKey))
	s.Epoch = epoch
	return s, s.AccountID != "" && err == nil
}

// Open starts a session under a new token; one that the browser had ends (T7).
func (m *Manager) Open(ctx context.Context, s Session) error {
	if err := m.scs.Clear(ctx); err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	m.scs.Put(ctx, accountKey, s.AccountID)
	m.scs.Put(ctx, idKey, s.ID)
	return m.renew(ctx, s.Epoch)
}

// renew gives the session another token and epoch.
func (m *Manager) renew(ctx context.Context, epoch int) error {
	if err := m.scs.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew a session: %w", err)
	}
	m.scs.Put(ctx, epochKey, strconv.Itoa(epoch))
	opens(ctx)
	return nil
}

// Close ends the session; without one nothing happens.
func (m *Manager) Close(ctx context.Context) error {
	if m.scs.Token(ctx) == "" {
		return nil
	}
	if err := m.scs.Destroy(ctx); err != nil {
		return fmt.Errorf("close a session: %w", err)
	}
	return nil
}

// alive says whether the request's session has not ended since.
func (m *Manager) alive(ctx context.Context) (bool, error) {
	store, ok := m.scs.Store.(Store)
	if !ok {
		return false, fmt.Errorf("look for a session: the store is a %T", m.scs.Store)
	}
	_, found, err := store.FindCtx(ctx, m.scs.Token(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a session: %w", err)
	}
	return found, nil
}

// CookieName returns the name of the cookie.
func (m *Manager) CookieName() string { return m.scs.Cookie.Name }
