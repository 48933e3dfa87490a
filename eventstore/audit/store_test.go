package audit_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/keystest"
)

var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// store is an event log over a slice that tests may break.
type store struct {
	eventstore.Store // what a seal does not need is not there
	mu               sync.Mutex
	log              []eventstore.Recorded
	most             int // bytes of an event; 0 for any
	away             bool
	looked           atomic.Int64 // events of the log that reads of it looked at, as a server does that can't filter
}

func (s *store) Head(context.Context) (eventstore.Position, error) {
	if s.away {
		return eventstore.Position{}, eventstore.ErrUnavailable
	}
	return s.log[len(s.log)-1].Position, nil
}

func (s *store) Append(_ context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := eventstore.NoStream
	for _, r := range s.log {
		if r.Stream == stream {
			last = eventstore.Expected(r.Revision)
		}
	}
	if last != expected {
		return eventstore.Receipt{}, &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: int64(last)}
	}
	for _, e := range events {
		if s.most > 0 && len(e.Data) > s.most {
			return eventstore.Receipt{}, eventstore.ErrTooLarge
		}
		last++
		s.log = append(s.log, eventstore.Recorded{Event: e, Stream: stream, Revision: int64(last), Position: eventstore.AtCommit(uint64(10 * (len(s.log) + 1))), Created: noon})
	}
	return eventstore.Receipt{Stream: stream, Revision: int64(last), Position: s.log[len(s.log)-1].Position}, nil
}

func (s *store) ReadStream(_ context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return s.read(dir, func(r eventstore.Recorded) bool {
		return r.Stream == stream && (dir == eventstore.Forwards && r.Revision >= from || dir == eventstore.Backwards && r.Revision <= from)
	})
}

func (s *store) ReadAll(_ context.Context, beyond eventstore.Position, dir eventstore.Direction, f eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return s.read(dir, func(r eventstore.Recorded) bool {
		inside := r.Position.After(beyond)
		if dir == eventstore.Backwards {
			inside = r.Position.Before(beyond)
		}
		if inside {
			s.looked.Add(1)
		}
		return inside && (len(f.Streams) == 0 || strings.HasPrefix(r.Stream, f.Streams[0]))
	})
}

func (s *store) read(dir eventstore.Direction, keep func(eventstore.Recorded) bool) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		s.mu.Lock()
		log := slices.Clone(s.log)
		s.mu.Unlock()
		if dir == eventstore.Backwards {
			slices.Reverse(log)
		}
		for _, r := range log {
			if keep(r) && !yield(r, nil) {
				return
			}
		}
	}
}

type renamed struct {
	Name string `json:"name"`
}

// scene is a log with its sealer.
type scene struct {
	*testing.T
	store   *store
	journal eventstore.Journal
	sealer  *audit.Sealer
	dir     string
	n       byte
}

func newScene(t *testing.T) *scene {
	t.Helper()
	registry := eventstore.NewRegistry()
	eventstore.Register[renamed](registry, "account.renamed.v1")
	eventstore.Register[audit.Sealed](registry, audit.SealedName)
	s := &scene{T: t, store: &store{}, dir: t.TempDir()}
	s.journal = eventstore.Journal{Store: s.store, Registry: registry, Keys: keystest.New()}
	s.sealer = s.newSealer()
	return s
}

func (s *scene) newSealer() *audit.Sealer {
	s.Helper()
	key, err := audit.LoadOrMakeKey(s.Context(), s.dir, s.store)
	must(s.T, err)
	return &audit.Sealer{Journal: s.journal, Dir: s.dir, Key: key, Now: func() time.Time { return noon }}
}

// otherKey gives the folder of the sealer a key that signed nothing.
func (s *scene) otherKey() {
	s.Helper()
	other := s.TempDir()
	_, err := audit.LoadOrMakeKey(s.Context(), other, &store{})
	must(s.T, err)
	must(s.T, os.Rename(filepath.Join(other, "keys", "seal.key"), filepath.Join(s.dir, "keys", "seal.key")))
}

// write appends an event to each of the streams, in turn.
func (s *scene) write(streams ...string) {
	s.Helper()
	for _, stream := range streams {
		s.n++
		tail, err := s.journal.TailOf(s.Context(), stream)
		must(s.T, err)
		_, err = s.journal.Append(s.Context(), stream, tail, eventstore.Envelope{OccurredAt: noon},
			eventstore.Draft{ID: uuid.UUID{15: s.n}, Event: renamed{fmt.Sprint(s.n)}})
		must(s.T, err)
	}
}

func (s *scene) seal() []audit.Sealed {
	s.Helper()
	made, err := s.sealer.Seal(s.Context())
	must(s.T, err)
	return made
}

func (s *scene) verify() audit.Report {
	s.Helper()
	return s.verifyOf(s.store)
}

func (s *scene) verifyOf(log eventstore.Store) audit.Report {
	s.Helper()
	report, err := audit.Verify(s.Context(), log, audit.Options{Keys: []string{s.sealer.Key.Public}, Dir: s.dir})
	must(s.T, err)
	return report
}

// find returns where in the log an event stands.
func (s *scene) find(stream string, revision int64) int {
	s.Helper()
	at := slices.IndexFunc(s.store.log, func(r eventstore.Recorded) bool { return r.Stream == stream && r.Revision == revision })
	if at < 0 {
		s.Fatalf("no %s revision %d", stream, revision)
	}
	return at
}

func (s *scene) remove(stream string, revision int64) {
	s.Helper()
	at := s.find(stream, revision)
	s.store.log = slices.Delete(s.store.log, at, at+1)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("not as wanted (-want +got):\n%s", diff)
	}
}
