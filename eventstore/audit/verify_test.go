package audit_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
)

// sealedScene has two seals, over a log of three streams, and two events after them.
func sealedScene(t *testing.T) *scene {
	t.Helper()
	s := newScene(t)
	s.write("account-1", "account-2", "account-1", "account-1", "account-3") // account-1: 0 1 2
	s.seal()
	s.write("account-2", "account-1", "account-3", "account-2")
	s.seal()
	s.write("account-1", "account-2")
	return s
}

func TestVerify(t *testing.T) {
	s := sealedScene(t)
	report := s.verify()
	same(t, report, audit.Report{Events: 13, Streams: 4, Position: eventstore.AtCommit(130), Seals: 2, Outside: 2, Sealed: 9, Unsealed: 2, Oldest: noon})
	if !report.OK() {
		t.Fatal("a report without problems is not OK")
	}
	t.Run("of an empty log", func(t *testing.T) {
		same(t, newScene(t).verify(), audit.Report{})
	})
	t.Run("without keys counts the seals", func(t *testing.T) {
		report, err := audit.Verify(t.Context(), s.store, audit.Options{})
		must(t, err)
		same(t, report, audit.Report{Events: 13, Streams: 4, Position: eventstore.AtCommit(130), Seals: 2, Unsealed: 11, Oldest: noon})
	})
	t.Run("with another key says so", func(t *testing.T) {
		key, err := audit.LoadOrMakeKey(t.Context(), t.TempDir(), &store{})
		must(t, err)
		report, err := audit.Verify(t.Context(), s.store, audit.Options{Keys: []string{key.Public}})
		must(t, err)
		same(t, []any{len(report.Problems), report.Problems[0].Stream, report.Seals}, []any{1, "seals-2026-09", 0})
	})
	t.Run("of a copy with other positions", func(t *testing.T) {
		for i := range s.store.log {
			s.store.log[i].Position = eventstore.AtCommit(uint64(1000 + 7*i))
		}
		same(t, s.verify().Problems, []audit.Problem(nil))
	})
}

func TestVerifyNames(t *testing.T) {
	general := func(p audit.Problem) bool { return p.Stream == "" }
	for _, c := range []struct {
		what     string
		tamper   func(s *scene)
		stream   string // empty: the log's order, of no stream in particular
		revision int64
		others   bool // problems of other streams may follow
	}{
		{"a changed event", func(s *scene) {
			at := s.find("account-1", 1)
			s.store.log[at].Data = bytes.Replace(s.store.log[at].Data, []byte("3"), []byte("4"), 1)
		}, "account-1", 1, false},
		{"a changed event that no seal covers", func(s *scene) {
			s.store.log[s.find("account-1", 4)].Data = []byte(`{}`)
		}, "account-1", 4, false},
		{"a removed event", func(s *scene) { s.remove("account-1", 1) }, "account-1", 1, false},
		{"an inserted event", func(s *scene) {
			at := s.find("account-1", 1)
			s.store.log = append(s.store.log[:at+1:at+1], s.store.log[at:]...)
		}, "account-1", 2, false},
		{"two events of a stream in the other order", func(s *scene) {
			i, j := s.find("account-1", 1), s.find("account-1", 2)
			s.store.log[i], s.store.log[j] = s.store.log[j], s.store.log[i]
		}, "account-1", 1, false},
		{"the end of a stream, removed", func(s *scene) {
			s.remove("account-1", 4)
			s.remove("account-1", 3)
			s.remove("account-1", 2)
		}, "account-1", 2, false},
		{"a whole stream, removed", func(s *scene) {
			s.remove("account-3", 1)
			s.remove("account-3", 0)
		}, "account-3", 0, false},
		{"the last event of a stream together with the seal that names it", func(s *scene) {
			s.remove("seals-2026-09", 1)
			s.remove("account-3", 1)
		}, "seals-2026-09", 1, true},
		{"a stream written anew with right hashes", func(s *scene) {
			at := []int{s.find("account-3", 0), s.find("account-3", 1)}
			tail := eventstore.Tail{}
			for _, i := range at {
				records, after, err := s.journal.Prepare(s.Context(), "account-3", tail, eventstore.Envelope{OccurredAt: noon},
					eventstore.Draft{ID: uuid.UUID{15: 99}, Event: renamed{"forged"}})
				must(s.T, err)
				s.store.log[i].Event, tail = records[0].Event, after
			}
		}, "account-3", 0, false},
		{"events of two streams in another order of the log", func(s *scene) {
			i, j := s.find("account-2", 0), s.find("account-1", 1)
			s.store.log[i], s.store.log[j] = s.store.log[j], s.store.log[i]
		}, "", 0, false},
		{"a right new stream among the old events", func(s *scene) {
			records, _, err := s.journal.Prepare(s.Context(), "account-9", eventstore.Tail{}, eventstore.Envelope{OccurredAt: noon},
				eventstore.Draft{ID: uuid.UUID{15: 99}, Event: renamed{"forged"}})
			must(s.T, err)
			records[0].Position = eventstore.AtCommit(1)
			s.store.log = append([]eventstore.Recorded{records[0].Recorded}, s.store.log...)
		}, "", 0, false},
		{"a removed seal", func(s *scene) { s.remove("seals-2026-09", 1) }, "seals-2026-09", 1, false},
		{"a changed seal", func(s *scene) {
			at := s.find("seals-2026-09", 1)
			s.store.log[at].Data = bytes.Replace(s.store.log[at].Data, []byte(`"size":9`), []byte(`"size":8`), 1)
		}, "seals-2026-09", 1, false},
		{"something else in place of a seal", func(s *scene) {
			s.store.log[s.find("seals-2026-09", 0)].Type = "account.renamed.v1"
		}, "seals-2026-09", 0, false},
		{"a forged note outside", func(s *scene) {
			must(s.T, os.WriteFile(filepath.Join(s.dir, "seals", "000000000077.note"), []byte("forged\n"), 0o600))
		}, "", 0, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := sealedScene(t)
			c.tamper(s)
			report := s.verify()
			if report.OK() || report.Broken == 0 {
				t.Fatal("nothing was found")
			}
			if first := report.Problems[0]; first.Stream != c.stream || first.Revision != c.revision {
				t.Fatalf("found %v", report.Problems)
			}
			for _, p := range report.Problems[1:] {
				if !general(p) && !c.others {
					t.Errorf("also accuses %v", p)
				}
			}
		})
	}
}

// The end of a stream and every seal that names it are gone; the note outside names both.
func TestVerifyByTheNotesOutsideAlone(t *testing.T) {
	s := sealedScene(t)
	s.remove("seals-2026-09", 1)
	s.remove("seals-2026-09", 0)
	s.remove("account-3", 1)
	var named []string
	for _, p := range s.verify().Problems {
		named = append(named, p.String())
	}
	all := strings.Join(named, "\n")
	for _, want := range []string{"seals-2026-09 revision 0: the seal is missing", "account-3 revision 1: the events from here to revision 1 were sealed"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
}

// What the package comment says of events newer than the last seal.
func TestWhatIsNotFound(t *testing.T) {
	s := sealedScene(t)
	s.remove("account-1", 4)
	same(t, s.verify().Problems, []audit.Problem(nil))
	s.seal()
	s.write("account-1")
	s.seal()
	s.remove("account-1", 4)
	same(t, s.verify().Problems[0].Revision, int64(4))
}

func TestVerifyGoesOnBehindAFault(t *testing.T) {
	s := sealedScene(t)
	s.store.log[s.find("account-1", 0)].Data = []byte(`{}`)
	s.store.log[s.find("account-2", 0)].Data = []byte(`{}`)
	s.store.log[s.find("account-2", 2)].Data = []byte(`{}`)
	report := s.verify()
	same(t, []any{report.Events, report.Broken, report.Problems[0].Stream, report.Problems[1].Stream},
		[]any{int64(13), int64(4), "account-1", "account-2"}) // three events, and the tree
	progress := 0
	_, err := audit.Verify(t.Context(), s.store, audit.Options{Keys: []string{"nonsense"}, Progress: func(int64, eventstore.Position) { progress++ }})
	if err == nil || progress != 0 {
		t.Error("a key that is none was accepted")
	}
}

// TestF4_ForeignStreamsAreCounted: an event that nobody chained is no problem in a stream that is not
// ours, though the seals cover it; in one of ours it is.
func TestF4_ForeignStreamsAreCounted(t *testing.T) {
	s := newScene(t)
	s.write("account-1")
	foreign := eventstore.Event{ID: uuid.New(), Type: "invoice.sent", Data: []byte(`{"a":1}`), Metadata: []byte("{}")}
	_, err := s.store.Append(t.Context(), "billing-1", eventstore.NoStream, foreign)
	must(t, err)
	s.write("account-1")
	s.seal()
	ours := eventstore.NewRegistry()
	ours.Own("account", "seals")
	verify := func() audit.Report {
		report, err := audit.Verify(t.Context(), s.store, audit.Options{Keys: []string{s.sealer.Key.Public}, Dir: s.dir, Registry: ours})
		must(t, err)
		return report
	}
	report := verify()
	same(t, report.Problems, []audit.Problem(nil))
	same(t, []int64{report.Foreign, report.Sealed}, []int64{1, 3})
	if all := s.verify(); all.OK() {
		t.Error("without knowing what is ours nothing is wrong")
	}
	at := s.find("billing-1", 0)
	s.store.log[at].Data = []byte(`{"a":2}`)
	if report := verify(); report.OK() {
		t.Error("a foreign event was changed under a seal, and nobody saw it")
	}
}
