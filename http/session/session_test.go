package session

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore/vault"
)

// memory keeps sessions, as the vault encodes them, and counts the writes.
type memory struct {
	vault.Sessions
	mu      sync.Mutex
	data    map[string][]byte
	expiry  map[string]time.Time
	commits int
}

func newMemory() *memory { return &memory{data: map[string][]byte{}, expiry: map[string]time.Time{}} }

func (m *memory) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.data[token]
	return data, ok && time.Now().Before(m.expiry[token]), nil
}

func (m *memory) CommitCtx(_ context.Context, token string, data []byte, expiry time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, stands := m.data[token]; stands {
		m.data[token], m.expiry[token] = data, expiry
	}
	m.commits++
	return nil
}

func (m *memory) OpenCtx(_ context.Context, token string, data []byte, expiry time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data[token], m.expiry[token] = data, expiry
	m.commits++
	return nil
}

func (m *memory) DeleteCtx(_ context.Context, token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.data, token)
	return nil
}

func (m *memory) Find(token string) ([]byte, bool, error) {
	return m.FindCtx(context.Background(), token)
}
func (m *memory) Delete(token string) error { return m.DeleteCtx(context.Background(), token) }
func (m *memory) Commit(token string, data []byte, expiry time.Time) error {
	return m.CommitCtx(context.Background(), token, data, expiry)
}

// visit sends one request with a cookie and returns the cookie that came back.
func visit(m *Manager, cookie *http.Cookie, do func(context.Context)) *http.Cookie {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	m.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		do(r.Context())
		w.WriteHeader(http.StatusNoContent)
	})).ServeHTTP(w, r)
	if set := w.Result().Cookies(); len(set) > 0 {
		return set[0]
	}
	return cookie
}

func who(m *Manager, cookie *http.Cookie) string {
	var s Session
	visit(m, cookie, func(ctx context.Context) { s, _ = m.Of(ctx) })
	return s.AccountID
}

var plain, secure = &url.URL{Scheme: "http", Host: "localhost"}, &url.URL{Scheme: "https", Host: "accounts.example.nl"}

func open(t *testing.T, m *Manager, cookie *http.Cookie) *http.Cookie {
	t.Helper()
	return visit(m, cookie, func(ctx context.Context) {
		if err := m.Open(ctx, Session{AccountID: "ann", ID: "s1"}); err != nil {
			t.Error(err)
		}
	})
}

// TestSession holds T7.
func TestSession(t *testing.T) {
	m := New(newMemory(), plain)
	first := open(t, m, nil)
	if got := who(m, first); got != "ann" {
		t.Fatalf("got %q", got)
	}
	second := open(t, m, first)
	if second.Value == first.Value || who(m, first) != "" || who(m, second) != "ann" {
		t.Error("a login must give a new token and end the old one")
	}
	renewed := visit(m, second, func(ctx context.Context) {
		if err := m.renew(ctx, 1); err != nil {
			t.Error(err)
		}
	})
	if renewed.Value == second.Value || who(m, second) != "" || who(m, renewed) != "ann" {
		t.Error("a renewal must give a new token and end the old one")
	}
	visit(m, renewed, func(ctx context.Context) {
		if err := m.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	if who(m, renewed) != "" {
		t.Error("the session goes on after its end")
	}
}

func TestCookie(t *testing.T) {
	got := open(t, New(newMemory(), secure), nil)
	want := &http.Cookie{Name: "__Host-sleutelbos", Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	got.Value, got.Raw = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestASessionIsWrittenOnceAMinuteAtMost(t *testing.T) {
	store := newMemory()
	m := New(store, plain)
	cookie := open(t, m, nil)
	before := store.commits
	for range 20 {
		if who(m, cookie) != "ann" {
			t.Fatal("the session is lost")
		}
	}
	if store.commits != before {
		t.Errorf("%d writes for 20 requests", store.commits-before)
	}
	calm := m.scs.Store.(*calmStore)
	calm.kept.Update(cookie.Value, time.Now(), func(k kept, found bool) (kept, bool) {
		if !found {
			t.Error("it is not known what was written")
		}
		k.expiry = k.expiry.Add(-2 * time.Minute) // as if written two minutes ago
		return k, true
	})
	who(m, cookie)
	if store.commits != before+1 {
		t.Errorf("%d writes after two minutes, want 1", store.commits-before)
	}
}

// What is remembered of sessions does not grow with how many there are.
func TestF13_RememberedSessionsAreBounded(t *testing.T) {
	calm := newCalmStore(newMemory())
	for n := range mostKept + 100 {
		calm.remember(strconv.Itoa(n), kept{})
	}
	if n := calm.kept.Len(); n != mostKept {
		t.Errorf("%d are remembered", n)
	}
}

func TestARequestThatOutlivesItsSessionDoesNotBringItBack(t *testing.T) {
	store := newMemory()
	m, other := New(store, plain), New(store, plain)
	for name, ending := range map[string]*Manager{"here": m, "in another process": other} {
		t.Run(name, func(t *testing.T) {
			cookie := open(t, m, nil)
			calm := m.scs.Store.(*calmStore)
			calm.kept.Clear()                        // so that the slow request writes
			visit(m, cookie, func(context.Context) { // a slow request; meanwhile another signs out
				visit(ending, cookie, func(ctx context.Context) {
					if err := ending.Close(ctx); err != nil {
						t.Error(err)
					}
				})
			})
			if got := who(m, cookie); got != "" {
				t.Errorf("%s is still signed in", got)
			}
		})
	}
}
