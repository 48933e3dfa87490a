package audit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
)

// passing lets an event pass, as a registered event does.
type passing struct {
	ID       string `json:"id"`
	Stream   string `json:"stream"`
	Revision int64  `json:"revision"`
	Hash     string `json:"hash"`
}

func (p passing) Passes() (id, stream string, revision int64, hash string) {
	return p.ID, p.Stream, p.Revision, p.Hash
}

// strange appends an event that nobody chained and nobody can read.
func (s *scene) strange(stream string, after int64) eventstore.Recorded {
	s.Helper()
	_, err := s.store.Append(s.Context(), stream, eventstore.Expected(after), eventstore.Event{ID: uuid.New(), Type: "account.merged.v1", Data: []byte(`{"a":1}`), Metadata: []byte("{}")})
	must(s.T, err)
	return s.store.log[len(s.store.log)-1]
}

func (s *scene) pass(rec eventstore.Recorded) {
	s.Helper()
	tail, err := s.journal.TailOf(s.Context(), eventstore.PassesStream)
	must(s.T, err)
	_, err = s.journal.Append(s.Context(), eventstore.PassesStream, tail, eventstore.Envelope{OccurredAt: noon},
		eventstore.Draft{ID: uuid.New(), Event: passing{rec.ID.String(), rec.Stream, rec.Revision, eventstore.HashOf(rec)}})
	must(s.T, err)
}

// TestF4_APassedEventIsVerified: the chain goes on behind an event that is passed over, in a stream of
// ours and among the seals, and whoever changes or removes it is found.
func TestF4_APassedEventIsVerified(t *testing.T) {
	passed := func(t *testing.T) (*scene, func() audit.Report) {
		s := newScene(t)
		registry := s.journal.Registry
		eventstore.Register[passing](registry, "pass.recorded.v1")
		registry.Own("seals")
		registry.Heed(eventstore.PassesOf(s.store, registry))
		verify := func() audit.Report {
			report, err := audit.Verify(t.Context(), s.store, audit.Options{Keys: []string{s.sealer.Key.Public}, Dir: s.dir, Registry: registry})
			must(t, err)
			return report
		}
		s.write("account-1")
		s.seal()
		event, seal := s.strange("account-1", 0), s.strange("seals-2026-09", 0)
		if report := verify(); report.OK() || report.Passed != 0 {
			t.Errorf("nobody let them pass: %+v", report)
		}
		if _, err := s.sealer.Seal(t.Context()); err == nil {
			t.Error("it was sealed behind what is no seal")
		}
		s.pass(event)
		s.pass(seal)
		s.write("account-1", "account-1")
		same(t, len(s.seal()), 1)
		return s, verify
	}
	t.Run("as it was written", func(t *testing.T) {
		s, verify := passed(t)
		report := verify()
		same(t, report.Problems, []audit.Problem(nil))
		same(t, []int64{report.Passed, report.Unsealed}, []int64{2, 0})
		entries := 0
		for entry, err := range s.journal.Read(t.Context(), "account-1", eventstore.Tail{}) {
			must(t, err)
			if entry.Event == nil {
				same(t, entry.Tail.Next, int64(2))
			}
			entries++
		}
		same(t, entries, 4)
	})
	t.Run("changed", func(t *testing.T) {
		s, verify := passed(t)
		s.store.log[s.find("account-1", 1)].Data = []byte(`{"a":2}`)
		if verify().OK() {
			t.Error("a passed event was changed, and nobody saw it")
		}
	})
	t.Run("removed", func(t *testing.T) {
		s, verify := passed(t)
		s.remove("account-1", 1)
		if verify().OK() {
			t.Error("a passed event was removed, and nobody saw it")
		}
	})
	t.Run("among the passes", func(t *testing.T) {
		s, verify := passed(t)
		stray := s.strange(eventstore.PassesStream, 1)
		tail := eventstore.Tail{}
		for entry, err := range s.journal.Read(t.Context(), eventstore.PassesStream, eventstore.Tail{}) {
			must(t, err) // it keeps nobody from recording its own pass
			tail = entry.Tail
		}
		same(t, tail.Next, int64(3))
		if verify().OK() {
			t.Error("nobody let it pass")
		}
		_, err := s.journal.Append(t.Context(), eventstore.PassesStream, tail, eventstore.Envelope{OccurredAt: noon},
			eventstore.Draft{ID: uuid.New(), Event: passing{stray.ID.String(), stray.Stream, stray.Revision, eventstore.HashOf(stray)}})
		must(t, err)
		same(t, verify().Problems, []audit.Problem(nil))
	})
}

// TestF4_AChangedEventIsPassedOver: the chain goes on behind an event whose hash is wrong, once it is
// passed over. That does not make it what was sealed.
func TestF4_AChangedEventIsPassedOver(t *testing.T) {
	began := func(t *testing.T) (*scene, func() audit.Report) {
		s := newScene(t)
		registry := s.journal.Registry
		eventstore.Register[passing](registry, "pass.recorded.v1")
		registry.Own("seals")
		registry.Heed(eventstore.PassesOf(s.store, registry))
		return s, func() audit.Report {
			report, err := audit.Verify(t.Context(), s.store, audit.Options{Keys: []string{s.sealer.Key.Public}, Dir: s.dir, Registry: registry})
			must(t, err)
			return report
		}
	}
	events := func(s *scene) (n int, err error) {
		for _, err := range s.journal.Read(t.Context(), "account-1", eventstore.Tail{}) {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	for what, sealed := range map[string]bool{"before it was sealed": false, "after it was sealed": true} {
		t.Run(what, func(t *testing.T) {
			s, verify := began(t)
			s.write("account-1", "account-1")
			if sealed {
				s.seal()
			}
			at := s.find("account-1", 1)
			s.store.log[at].Data = append(s.store.log[at].Data, ' ')
			if _, err := events(s); !errors.Is(err, eventstore.ErrChanged) {
				t.Errorf("it is read: %v", err)
			}
			if _, err := s.journal.TailOf(t.Context(), "account-1"); err == nil {
				t.Error("something is written behind it")
			}
			if verify().OK() {
				t.Error("it verifies")
			}
			s.pass(s.store.log[at])
			s.write("account-1")
			n, err := events(s)
			same(t, []any{n, err}, []any{3, error(nil)})
			if !sealed {
				s.seal()
			}
			report := verify()
			same(t, []any{report.OK(), report.Passed}, []any{!sealed, int64(1)})
		})
	}
	t.Run("among the passes", func(t *testing.T) {
		s, _ := began(t)
		s.write("account-1")
		strange := s.strange("account-1", 0)
		_, err := s.store.Append(t.Context(), eventstore.PassesStream, eventstore.Expected(-1), eventstore.Event{
			ID: uuid.New(), Type: "pass.recorded.v1", Data: []byte("{}"), Metadata: []byte(`{"prevHash":"","hash":"` + strings.Repeat("0", 64) + `"}`),
		})
		must(t, err)
		tail := eventstore.Tail{}
		for entry, err := range s.journal.Read(t.Context(), eventstore.PassesStream, eventstore.Tail{}) {
			must(t, err) // it keeps nobody from recording a pass
			tail = entry.Tail
		}
		_, err = s.journal.Append(t.Context(), eventstore.PassesStream, tail, eventstore.Envelope{OccurredAt: noon},
			eventstore.Draft{ID: uuid.New(), Event: passing{strange.ID.String(), strange.Stream, strange.Revision, eventstore.HashOf(strange)}})
		must(t, err)
		n, err := events(s)
		same(t, []any{n, err}, []any{2, error(nil)})
	})
}
