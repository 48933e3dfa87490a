package session

import (
	"context"
	"maps"
	"sync/atomic"
	"time"

	"sleutelbos/internal/bounded"
)

// calmStore keeps the idle time of a session moving without a durable write at every request.
type calmStore struct {
	Store
	now  func() time.Time
	kept *bounded.Map[string, kept] // by token: what was written last
}

type kept struct {
	values map[string]any
	expiry time.Time
}

// mostKept is of how many sessions it is known what was written last. One more is written again.
const mostKept = 1 << 16

func newCalmStore(s Store) *calmStore {
	return &calmStore{Store: s, now: time.Now, kept: bounded.New[string, kept](mostKept, lastTime)}
}

// A session's end is written when it moved by this much, and forgotten here after as long
// as a request may last.
const (
	calm     = time.Minute
	lastTime = 5 * time.Minute
)

type openingKey struct{}

// withOpening returns a context that can be told that its request opens a session.
func withOpening(ctx context.Context) context.Context {
	return context.WithValue(ctx, openingKey{}, new(atomic.Bool))
}

// opens says that the request opens a session: the next commit makes it. Any other commit
// changes the session only where it stands, so that a request which outlives its session does
// not bring it back.
func opens(ctx context.Context) {
	if opening, ok := ctx.Value(openingKey{}).(*atomic.Bool); ok {
		opening.Store(true)
	}
}

// CommitCtx writes what is new. Errors: those of the store.
func (s *calmStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := s.Decode(data) // the same session is not always the same bytes
	if err != nil {
		return err
	}
	if opening, ok := ctx.Value(openingKey{}).(*atomic.Bool); ok && opening.CompareAndSwap(true, false) {
		err = s.Store.OpenCtx(ctx, token, data, expiry)
	} else if s.knows(token, values, expiry) {
		return nil
	} else {
		err = s.Store.CommitCtx(ctx, token, data, expiry)
	}
	if err == nil {
		s.remember(token, kept{values: values, expiry: expiry})
	}
	return err
}

// knows says whether a session was written like this a moment ago.
func (s *calmStore) knows(token string, values map[string]any, expiry time.Time) bool {
	last, found := s.kept.Get(token, s.now())
	return found && maps.Equal(last.values, values) && expiry.Sub(last.expiry) < calm
}

func (s *calmStore) remember(token string, k kept) { s.kept.Put(token, k, s.now()) }
