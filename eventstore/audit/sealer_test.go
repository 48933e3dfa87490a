package audit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
)

func TestSeal(t *testing.T) {
	s := newScene(t)
	same(t, len(s.seal()), 0)
	s.write("account-1", "account-2", "account-1")
	made := s.seal()
	same(t, []any{len(made), made[0].Size, made[0].Position, made[0].Streams}, []any{1, int64(3), "30", 2})
	same(t, len(s.seal()), 0)

	verifier, err := note.NewVerifier(s.sealer.Key.Public)
	must(t, err)
	opened, err := note.Open([]byte(made[0].Note), note.VerifierList(verifier))
	must(t, err)
	same(t, opened.Text, fmt.Sprintf("sleutelbos log\n3\n%s\nposition 30\nseal seals-2026-09 0\nend 1 %s \"account-1\"\nend 0 %s \"account-2\"\n",
		made[0].Root, eventstore.ClaimedHash(s.store.log[2]), eventstore.ClaimedHash(s.store.log[1])))
	outside, err := os.ReadFile(filepath.Join(s.dir, "seals", "000000000003.note"))
	must(t, err)
	same(t, audit.Note(outside), made[0].Note)
	event, record, err := s.journal.Registry.Decode(t.Context(), s.journal.Keys, s.store.log[3])
	must(t, err)
	same(t, []any{event, record.Envelope.Actor}, []any{made[0], eventstore.Actor{Kind: "system", ID: "audit"}})

	for name, mode := range map[string]os.FileMode{"keys/seal.key": 0o600, "keys/seal.pub": 0o644, "seals/000000000003.note": 0o600} {
		info, err := os.Stat(filepath.Join(s.dir, name))
		must(t, err)
		same(t, info.Mode().Perm(), mode)
	}
	private, err := os.ReadFile(filepath.Join(s.dir, "keys", "seal.key"))
	must(t, err)
	key, err := audit.ParseKey(string(private))
	must(t, err)
	same(t, []string{key.Public, fmt.Sprint(key)}, []string{s.sealer.Key.Public, s.sealer.Key.Public})
	if _, err := audit.ParseKey("PRIVATE+KEY+topsecret"); err == nil || strings.Contains(err.Error(), "topsecret") {
		t.Errorf("got %v", err)
	}
}

// A new process goes on where the last one ended, whatever is left of its folder.
func TestSealGoesOn(t *testing.T) {
	for what, leave := range map[string]func(t *testing.T, seals string){
		"with all its files": func(*testing.T, string) {},
		"without its memory": func(t *testing.T, seals string) { must(t, os.Remove(filepath.Join(seals, "tree.json"))) },
		"with a wrong memory": func(t *testing.T, seals string) {
			must(t, os.WriteFile(filepath.Join(seals, "tree.json"), []byte(`{"size":5,"edge":["AAAA","AAAA"]}`), 0o600))
		},
		"killed before the note was written": func(t *testing.T, seals string) { must(t, os.RemoveAll(seals)) },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.write("account-1", "account-2", "account-1", "account-3", "account-1")
			s.seal()
			leave(t, filepath.Join(s.dir, "seals"))
			s.sealer = s.newSealer()
			same(t, len(s.seal()), 0)
			s.write("account-2", "account-1")
			same(t, s.seal()[0].Size, int64(7))
			report := s.verify()
			same(t, []any{report.Problems, report.Seals, report.Outside, report.Sealed}, []any{[]audit.Problem(nil), 2, 2, int64(7)})
		})
	}
}

// In a copy of the log every event has another position, and the folder is the same.
func TestSealGoesOnInACopy(t *testing.T) {
	s := newScene(t)
	s.write("account-1", "account-2", "account-1")
	s.seal()
	s.write("account-3")
	s.seal()
	for i := range s.store.log {
		s.store.log[i].Position = eventstore.AtCommit(100 * s.store.log[i].Position.Commit())
	}
	s.sealer = s.newSealer()
	same(t, len(s.seal()), 0)
}

func TestSealRefusesToSealOver(t *testing.T) {
	refused := func(s *scene) {
		s.Helper()
		s.write("account-2")
		if _, err := s.newSealer().Seal(s.Context()); !errors.Is(err, audit.ErrNotAsSealed) {
			s.Errorf("got %v", err)
		}
	}
	t.Run("a lost seal", func(t *testing.T) {
		s := newScene(t)
		s.write("account-1", "account-1")
		s.seal()
		s.remove("seals-2026-09", 0)
		refused(s)
	})
	t.Run("a changed log", func(t *testing.T) {
		s := newScene(t)
		s.write("account-1", "account-1")
		s.seal()
		must(t, os.Remove(filepath.Join(s.dir, "seals", "tree.json")))
		s.remove("account-1", 1)
		refused(s)
	})
	t.Run("a seal of another key", func(t *testing.T) {
		s := newScene(t)
		s.write("account-1")
		s.seal()
		s.otherKey()
		refused(s)
	})
}

// A log that grew by many streams gets several seals, each small.
func TestSealOfManyStreams(t *testing.T) {
	s := newScene(t)
	for i := range 3001 {
		s.store.log = append(s.store.log, eventstore.Recorded{Stream: fmt.Sprintf("account-%d", i), Position: eventstore.AtCommit(uint64(i + 1))})
	}
	made := s.seal()
	same(t, []any{len(made), made[0].Streams, made[1].Streams, made[1].Size}, []any{2, 3000, 1, int64(3001)})
	if size := len(made[0].Note); size > 500_000 {
		t.Errorf("a note of %d bytes", size)
	}
}

// Of two processes that seal at once no one spoils the other's.
func TestSealInTwoProcesses(t *testing.T) {
	s := newScene(t)
	other := s.newSealer()
	other.Dir = t.TempDir()
	for range 10 {
		s.write("account-1", "account-2")
		done := make(chan error, 2)
		for _, sealer := range []*audit.Sealer{s.sealer, other} {
			go func() { _, err := sealer.Seal(t.Context()); done <- err }()
		}
		for range 2 {
			err := <-done
			if _, conflict := errors.AsType[*eventstore.ConflictError](err); err != nil && !conflict {
				t.Fatal(err) // a conflict says that it was the other's turn
			}
		}
	}
	s.seal()
	_, err := other.Seal(t.Context())
	must(t, err)
	report := s.verify()
	same(t, []any{report.Problems, report.Unsealed}, []any{[]audit.Problem(nil), int64(0)})
}

func TestFinish(t *testing.T) {
	s := newScene(t)
	s.write("account-1")
	s.sealer.Finish(t.Context())
	same(t, s.find("seals-2026-09", 0), 1)
	s.write("account-1")
	s.sealer.Away = func() (time.Time, bool) { return noon, true }
	s.store.away = true
	s.sealer.Finish(t.Context())
	same(t, len(s.store.log), 3) // nobody waits for a log that is away
	s.store.away = false
	s.sealer.Finish(t.Context())
	same(t, len(s.store.log), 4) // it was said to be away, and is there
}

// TestF77_ASealShrinksUntilItFits: how much a store takes is its own setting.
func TestF77_ASealShrinksUntilItFits(t *testing.T) {
	s := newScene(t)
	for i := range 50 {
		s.write(fmt.Sprintf("account-%d", i))
	}
	s.store.most = 1500
	made := s.seal()
	if len(made) < 5 {
		t.Errorf("%d seals", len(made))
	}
	s.write("account-1", "account-2", "account-3")
	s.seal()
	report := s.verify()
	same(t, []any{report.Problems, report.Unsealed, report.Oldest}, []any{[]audit.Problem(nil), int64(0), time.Time{}})

	s.store.most = 100 // not even one
	s.write("account-1")
	if _, err := s.sealer.Seal(t.Context()); !errors.Is(err, eventstore.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	s.store.most = 0
	same(t, len(s.seal()), 1)
	same(t, s.verify().Problems, []audit.Problem(nil))
}

// TestF77_ALogThatIsNotSealedIsTold although nothing is wrong with it.
func TestF77_ALogThatIsNotSealedIsTold(t *testing.T) {
	s := newScene(t)
	s.write("account-1")
	s.seal()
	same(t, s.verify().Overdue(noon.Add(24*time.Hour)), false)
	s.write("account-1", "account-2")
	report := s.verify()
	same(t, []any{report.OK(), report.Unsealed, report.Oldest}, []any{true, int64(2), noon})
	same(t, []bool{report.Overdue(noon.Add(audit.SealedWithin)), report.Overdue(noon.Add(audit.SealedWithin + time.Second))}, []bool{false, true})
}
