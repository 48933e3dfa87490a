package session

import (
	"context"
	"maps"
	"sync"
	"time"
)

// calmStore keeps the idle time of a session moving without a durable write at every
// request, and keeps a request that outlives its session from writing it back.
type calmStore struct {
	Store
	now func() time.Time

	mu    sync.Mutex
	kept  map[string]kept // by token: what was written last, or that it ended
	swept time.Time
}

type kept struct {
	values map[string]any // nil: ended
	expiry time.Time
	at     time.Time
}

// A session's end is written when it moved by this much, and forgotten here after as long
// as a request may last.
const (
	calm     = time.Minute
	lastTime = 5 * time.Minute
)

// CommitCtx writes what is new. Errors: those of the store.
func (s *calmStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := s.Decode(data) // the same session is not always the same bytes
	if err != nil {
		return err
	}
	if values == nil {
		values = map[string]any{}
	}
	s.mu.Lock()
	last, found := s.kept[token]
	s.mu.Unlock()
	if found && (last.values == nil || maps.Equal(last.values, values) && expiry.Sub(last.expiry) < calm) {
		return nil
	}
	if err := s.Store.CommitCtx(ctx, token, data, expiry); err != nil {
		return err
	}
	if s.remember(token, kept{values: values, expiry: expiry}) {
		return nil
	}
	return s.Store.DeleteCtx(ctx, token) // it ended while it was being written
}

// DeleteCtx ends a session, also for requests that are under way.
func (s *calmStore) DeleteCtx(ctx context.Context, token string) error {
	s.remember(token, kept{})
	return s.Store.DeleteCtx(ctx, token)
}

// remember keeps what was written, and returns whether the session goes on. That a session ended
// is not forgotten.
func (s *calmStore) remember(token string, k kept) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, found := s.kept[token]; found && last.values == nil {
		return false
	}
	now := s.now()
	if now.Sub(s.swept) > calm {
		for t, old := range s.kept {
			if now.Sub(old.at) > lastTime {
				delete(s.kept, t)
			}
		}
		s.swept = now
	}
	k.at = now
	s.kept[token] = k
	return true
}
