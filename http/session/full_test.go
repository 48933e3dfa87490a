package session

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// full is a store that takes no write.
type full struct{ *memory }

var errFull = errors.New("no room")

func (full) CommitCtx(context.Context, string, []byte, time.Time) error { return errFull }
func (full) OpenCtx(context.Context, string, []byte, time.Time) error   { return errFull }

// served returns what a request with a cookie gets of a handler that does something to the session and then leads somewhere.
func served(m *Manager, cookie *http.Cookie, do func(context.Context)) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(cookie)
	m.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		do(r.Context())
		w.Header().Set("Location", "/done")
		w.WriteHeader(http.StatusSeeOther)
		_, _ = w.Write([]byte(`{"hello":true}`)) // to a recorder
	})).ServeHTTP(w, r)
	return w
}

// TestF59_WhereNothingCanBeWrittenReadersAreLetIn comes with a session whose end should move.
func TestF59_WhereNothingCanBeWrittenReadersAreLetIn(t *testing.T) {
	store := newMemory()
	cookie := open(t, New(store, plain), nil)
	w := served(New(full{store}, plain), cookie, func(context.Context) {}) // another process, which wrote nothing of it yet
	if w.Code != http.StatusSeeOther || w.Body.String() != `{"hello":true}` {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

// TestF59_ARefusalStandsAlone changes a session that can't be kept: the response of the handler is not sent behind the refusal.
func TestF59_ARefusalStandsAlone(t *testing.T) {
	store := newMemory()
	cookie := open(t, New(store, plain), nil)
	m := New(full{store}, plain)
	w := served(m, cookie, func(ctx context.Context) { m.scs.Put(ctx, epochKey, "7") })
	var details struct{ Status int }
	if err := json.Unmarshal(w.Body.Bytes(), &details); err != nil || details.Status != w.Code || w.Code < http.StatusInternalServerError {
		t.Errorf("got %d %s: %v", w.Code, w.Body, err)
	}
	if to := w.Header().Get("Location"); to != "" {
		t.Errorf("it leads to %s", to)
	}
}
