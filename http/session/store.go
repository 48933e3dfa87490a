package session

import (
	"bytes"
	"errors"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
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
	data   []byte // nil: ended
	expiry time.Time
	at     time.Time
}

// A session's end is written when it moved by this much, and forgotten here after as long
// as a request may last.
const (
	calm     = time.Minute
	lastTime = 5 * time.Minute
)

// Commit writes what is new. Errors: those of the store.
func (s *calmStore) Commit(token string, data []byte, expiry time.Time) error {
	s.mu.Lock()
	last, found := s.kept[token]
	s.mu.Unlock()
	if found && (last.data == nil || bytes.Equal(last.data, data) && expiry.Sub(last.expiry) < calm) {
		return nil
	}
	if err := s.Store.Commit(token, data, expiry); err != nil {
		return err
	}
	if s.remember(token, kept{data: data, expiry: expiry}) {
		return nil
	}
	return s.Store.Delete(token) // it ended while it was being written
}

// Delete ends a session, also for requests that are under way.
func (s *calmStore) Delete(token string) error {
	s.remember(token, kept{})
	return s.Store.Delete(token)
}

// remember answers false if the session has ended: that is not forgotten.
func (s *calmStore) remember(token string, k kept) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, found := s.kept[token]; found && last.data == nil {
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

// codec writes a session as JSON: the same session is the same bytes.
type codec struct{}

type stored struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	out := stored{Deadline: deadline, Values: make(map[string]string, len(values))}
	for name, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, errors.New("a session holds strings only")
		}
		out.Values[name] = text
	}
	return json.Marshal(out, json.Deterministic(true))
}

func (codec) Decode(data []byte) (time.Time, map[string]any, error) {
	var in stored
	if err := json.Unmarshal(data, &in); err != nil {
		return time.Time{}, nil, err
	}
	values := make(map[string]any, len(in.Values))
	for name, value := range in.Values {
		values[name] = value
	}
	return in.Deadline, values, nil
}
