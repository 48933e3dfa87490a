package audit_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sleutelbos/eventstore/audit"
)

// TestF2_TheKeyOfTheSealsIsNotMadeAnew: without the key that signed them, nothing is sealed, whatever
// is left of the folder; with the key put back it goes on.
func TestF2_TheKeyOfTheSealsIsNotMadeAnew(t *testing.T) {
	for what, lose := range map[string]func(dir string) error{
		"only the key":           func(string) error { return nil },
		"with its public half":   func(dir string) error { return os.Remove(filepath.Join(dir, "keys", "seal.pub")) },
		"with the notes outside": func(dir string) error { return os.RemoveAll(filepath.Join(dir, "seals")) },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.write("account-1")
			s.seal()
			path := filepath.Join(s.dir, "keys", "seal.key")
			key, err := os.ReadFile(path)
			must(t, err)
			must(t, errors.Join(os.Remove(path), lose(s.dir)))
			s.write("account-2")
			if _, err := s.newSealer().Seal(t.Context()); !errors.Is(err, audit.ErrKeyLost) {
				t.Errorf("got %v", err)
			}
			if err := audit.CheckKey(t.Context(), s.dir, s.store); !errors.Is(err, audit.ErrKeyLost) {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("another key was made")
			}
			must(t, os.WriteFile(path, key, 0o600))
			must(t, audit.CheckKey(t.Context(), s.dir, s.store))
			s.sealer = s.newSealer()
			same(t, len(s.seal()), 1)
			same(t, s.verify().Problems, []audit.Problem(nil))
		})
	}
	t.Run("another key", func(t *testing.T) {
		s := newScene(t)
		s.write("account-1")
		s.seal()
		s.otherKey()
		if err := audit.CheckKey(t.Context(), s.dir, s.store); !errors.Is(err, audit.ErrOtherKey) {
			t.Errorf("got %v", err)
		}
	})
}

// TestF2_ADamagedNoteIsWrittenAgain: a note that nobody signed proves nothing, so it does not end
// sealing. It is set aside.
func TestF2_ADamagedNoteIsWrittenAgain(t *testing.T) {
	for what, damage := range map[string]func([]byte) []byte{
		"empty": func([]byte) []byte { return nil },
		"cut":   func(note []byte) []byte { return note[:len(note)/2] },
		"text":  func([]byte) []byte { return []byte("nothing") },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.write("account-1")
			made := s.seal()
			path := filepath.Join(s.dir, "seals", "000000000001.note")
			damaged := damage([]byte(made[0].Note))
			must(t, os.WriteFile(path, damaged, 0o600))
			s.write("account-2")
			s.sealer = s.newSealer()
			same(t, len(s.seal()), 1)
			for file, want := range map[string]string{path: string(made[0].Note), path + ".damaged": string(damaged)} {
				text, err := os.ReadFile(file)
				must(t, err)
				same(t, string(text), want)
			}
			same(t, s.verify().Problems, []audit.Problem(nil))
		})
	}
}
