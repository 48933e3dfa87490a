package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
	"sleutelbos/internal/pause"
	"sleutelbos/projections/machinery"
)

// TestF2_EachFileThatIsNotAsItWasLeft takes each file of a data folder away, empties it, cuts it, and
// puts the one of another installation in its place. The start does what the list of files says: what
// can't be made again is never silently begun anew.
func TestF2_EachFileThatIsNotAsItWasLeft(t *testing.T) {
	whole, other := installed(t), installed(t)
	tried := map[string]bool{}
	err := fs.WalkDir(os.DirFS(whole), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		kind, known := apptest.FileAt(name)
		if !known {
			return fmt.Errorf("%s is no file that the program writes", name)
		}
		if tried[kind.Name] {
			return nil // one of a kind shows it
		}
		tried[kind.Name] = true
		content, err := os.ReadFile(filepath.Join(whole, name))
		if err != nil {
			return err
		}
		strange, err := os.ReadFile(filepath.Join(other, name))
		if err != nil {
			return err
		}
		for what, c := range map[string]struct {
			content []byte // nil if it is not there
			want    apptest.Fate
		}{"lost": {nil, kind.Lost}, "empty": {[]byte{}, kind.Empty}, "cut": {content[:len(content)/2], kind.Cut}, "strange": {strange, kind.Strange}} {
			if got := fateOf(t, whole, name, c.content); got != c.want {
				t.Errorf("%s, %s: %s, want %s", name, what, got, c.want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range apptest.StoredFiles {
		never := kind.Lost == apptest.Again && kind.Empty == apptest.Again && kind.Cut == apptest.Again && kind.Strange == apptest.Again
		if !tried[kind.Name] && !never {
			t.Errorf("%s was not tried", kind.Name)
		}
	}
}

// fateOf starts the program on a copy of a data folder in which a file has another content, or is
// missing, and returns what came of it.
func fateOf(t *testing.T, whole, name string, content []byte) apptest.Fate {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	err := os.CopyFS(data, os.DirFS(whole))
	path := filepath.Join(data, name)
	err = errors.Join(err, os.Chmod(filepath.Join(data, "keys"), 0o700), os.Chmod(filepath.Join(data, "keys/master.key"), 0o600), os.Remove(path))
	if content != nil {
		err = errors.Join(err, os.WriteFile(path, content, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	a, err := installation(t, data, &said)
	if err != nil {
		t.Logf("%s: %s", name, err)
		return apptest.Refused
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, code, told := strings.Cut(said.String(), `"trouble":"`); told {
		return apptest.Fate(code[:strings.Index(code, `"`)])
	}
	if _, err := a.Sealer.Seal(t.Context()); err != nil {
		return apptest.Fate("nothing is sealed: " + err.Error())
	}
	return apptest.Again
}

// installation prepares the program on a data folder.
func installation(t *testing.T, data string, log *bytes.Buffer) (*app.App, error) {
	s := &app.Stores{Places: app.Places{Data: data}, Log: slog.New(slog.NewJSONHandler(log, nil)), Now: time.Now, AdjustVault: apptest.Cheap}
	if err := s.Open(t.Context(), app.Writing); err != nil {
		return nil, err
	}
	return app.New(t.Context(), app.Options{Stores: s, Parts: app.Views, Version: "test", Serving: app.Serving{
		Node: "off", Language: "nl", MailFrom: "test@localhost", PublicURL: "http://localhost",
		BootstrapUsername: "first@example.nl", BootstrapPassword: "Told by nobody to 1",
	}})
}

// installed returns a data folder in which the program has run for a while.
func installed(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	var said bytes.Buffer
	a, err := installation(t, data, &said)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	head, err := a.Journal.Store.Head(t.Context())
	if err == nil {
		err = a.Runner.WaitFor(t.Context(), head)
	}
	acted := func() bool { // some reactor has acted
		ran, err := a.Rows.Reactors(t.Context())
		return err == nil && slices.ContainsFunc(ran, func(c machinery.NamedCheckpoint) bool { return !c.Last.Position.IsZero() })
	}
	waiting, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !acted() && waiting.Err() == nil {
		pause.For(waiting, 10*time.Millisecond)
	}
	if !acted() {
		t.Error("no reactor has acted on anything")
	}
	_, sealed := a.Sealer.Seal(t.Context())
	err = errors.Join(err, sealed, a.House([]string{a.Sealer.Key.Public}).Mark(t.Context()))
	stop()
	if err := errors.Join(err, <-ended, a.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}
