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

type requestKey struct{}

// request is what is known of a request's session while the request is served.
type request struct {
	opens atomic.Bool            // the next commit makes the session
	found atomic.Pointer[[]byte] // what the store had of it
}

// withRequest returns a context that can be told what its request does to a session.
func withRequest(ctx context.Context) context.Context {
	return context.WithValue(ctx, requestKey{}, new(request))
}

func requestOf(ctx context.Context) *request {
	if of, ok := ctx.Value(requestKey{}).(*request); ok {
		return of
	}
	return new(request)
}

// opens says that the request opens a session: the next commit makes it. Any other commit
// changes the session only where it stands, so that a request which outlives its session does
// not bring it back.
func opens(ctx context.Context) {
	requestOf(ctx).opens.Store(true)
}

// FindCtx returns the session as it is kept.
func (s *calmStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, found, err := s.Store.FindCtx(ctx, token)
	if found && err == nil {
		requestOf(ctx).found.Store(&data)
	}
	return data, found, err
}

// CommitCtx writes what is new. If that is no more than a later end, and it can't be written, the session keeps the end that it
// has: a store that takes no write keeps nobody from reading. Errors: those of the store.
func (s *calmStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := s.Decode(data) // the same session is not always the same bytes
	if err != nil {
		return err
	}
	of := requestOf(ctx)
	if of.opens.CompareAndSwap(true, false) {
		err = s.Store.OpenCtx(ctx, token, data, expiry)
	} else if s.knows(token, values, expiry) {
		return nil
	} else {
		err = s.Store.CommitCtx(ctx, token, data, expiry)
		if err != nil && s.asFound(of, values) {
			return nil
		}
	}
	if err == nil {
		s.remember(token, kept{values: values, expiry: expiry})
	}
	return err
}

// asFound says whether a session has the values with which it was found.
func (s *calmStore) asFound(of *request, values map[string]any) bool {
	data := of.found.Load()
	if data == nil {
		return false
	}
	_, before, err := s.Decode(*data)
	return err == nil && maps.Equal(before, values)
}

// knows says whether a session was written like this a moment ago.
func (s *calmStore) knows(token string, values map[string]any, expiry time.Time) bool {
	last, found := s.kept.Get(token, s.now())
	return found && maps.Equal(last.values, values) && expiry.Sub(last.expiry) < calm
}

func (s *calmStore) remember(token string, k kept) { s.kept.Put(token, k, s.now()) }
