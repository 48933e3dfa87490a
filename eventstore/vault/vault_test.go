package vault_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore/vault"
)

var (
	noon   = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	master = vault.MasterKey(bytes.Repeat([]byte{7}, 32))
	other  = vault.MasterKey(bytes.Repeat([]byte{8}, 32))
)

// clock is a time that tests move.
type clock struct{ at atomic.Int64 }

func newClock() *clock                   { c := &clock{}; c.at.Store(noon.UnixNano()); return c }
func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// place is where vaults lie; open opens one more over the same data, as another process
// would.
type place struct {
	clock *clock
	open  func(t *testing.T, key vault.MasterKey, opts vault.Options) (*vault.Vault, error)
	bytes func(t *testing.T) []byte // of the files; nil where they can't be read
}

// on runs a test on both engines.
func on(t *testing.T, test func(t *testing.T, p place)) {
	t.Run("sqlite", func(t *testing.T) {
		dir, c := t.TempDir(), newClock()
		test(t, place{c, func(t *testing.T, key vault.MasterKey, o vault.Options) (*vault.Vault, error) {
			return vault.OpenSQLite(t.Context(), dir, key, o)
		}, sqlitePlace(dir)})
	})
	t.Run("postgres", func(t *testing.T) {
		address, c := freshDatabase(t), newClock()
		test(t, place{c, func(t *testing.T, key vault.MasterKey, o vault.Options) (*vault.Vault, error) {
			return vault.OpenPostgres(t.Context(), address, key, o)
		}, nil})
	})
}

func sqlitePlace(dir string) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		var all []byte
		files, err := filepath.Glob(filepath.Join(dir, "vault.db*"))
		must(t, err)
		for _, f := range files {
			b, err := os.ReadFile(f)
			must(t, err)
			all = append(all, b...)
		}
		return all
	}
}

func (p place) vault(t *testing.T, change ...func(*vault.Options)) *vault.Vault {
	t.Helper()
	o := vault.Options{Now: p.clock.now, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}}
	for _, c := range change {
		c(&o)
	}
	v, err := p.open(t, master, o)
	must(t, err)
	t.Cleanup(func() { must(t, v.Close()) })
	return v
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

// together runs n calls at once and waits for all.
func together(n int, call func(i int)) {
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() { <-start; call(i) })
	}
	close(start)
	wait.Wait()
}

func TestMasterKey(t *testing.T) {
	t.Run("is made once, readable by its owner alone", func(t *testing.T) {
		dir := t.TempDir()
		var keys [8]vault.MasterKey
		together(8, func(i int) {
			var err error
			if keys[i], err = vault.LoadOrMakeMasterKey(dir); err != nil {
				t.Error(err)
			}
		})
		for _, k := range keys {
			if k != keys[0] || k == (vault.MasterKey{}) {
				t.Fatal("two processes that start at once got different keys")
			}
		}
		entries, err := os.ReadDir(filepath.Join(dir, "keys"))
		must(t, err)
		info, err := entries[0].Info()
		must(t, err)
		same(t, []any{len(entries), entries[0].Name(), info.Mode().Perm()}, []any{1, "master.key", os.FileMode(0o600)})
	})
	t.Run("is not replaced when it is lost", func(t *testing.T) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "vault.db"), nil, 0o600))
		if _, err := vault.LoadOrMakeMasterKey(dir); err == nil {
			t.Fatal("a new key was made for a vault that it can't open")
		}
	})
	t.Run("that others can read is refused", func(t *testing.T) {
		dir := t.TempDir()
		_, err := vault.LoadOrMakeMasterKey(dir)
		must(t, err)
		must(t, os.Chmod(filepath.Join(dir, "keys", "master.key"), 0o644))
		if _, err := vault.LoadOrMakeMasterKey(dir); err == nil {
			t.Fatal("accepted")
		}
	})
	t.Run("is read from hexadecimal and base64, and never shown", func(t *testing.T) {
		for _, text := range []string{hex.EncodeToString(master[:]), base64.StdEncoding.EncodeToString(master[:]) + "\n", base64.RawURLEncoding.EncodeToString(master[:])} {
			got, err := vault.ParseMasterKey(text)
			must(t, err)
			if got != master {
				t.Error("another key was read")
			}
		}
		_, err := vault.ParseMasterKey("topsecret")
		if err == nil || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("got %v", err)
		}
		same(t, fmt.Sprintf("%v %s %#v", master, master, master), "[master key] [master key] [master key]")
	})
}

func TestOpen(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v := p.vault(t)
		must(t, v.Ping(t.Context()))
		if _, err := p.open(t, other, vault.Options{Now: p.clock.now}); !errors.Is(err, vault.ErrWrongMaster) {
			t.Fatalf("another master key: got %v", err)
		}
		again := p.vault(t)
		same(t, again.ReservationID("username", "jan@x.nl"), v.ReservationID("username", "jan@x.nl"))
	})
	t.Run("the file is the owner's alone", func(t *testing.T) {
		dir := t.TempDir()
		v, err := vault.OpenSQLite(t.Context(), dir, master, vault.Options{})
		must(t, err)
		defer v.Close() // the test ends
		files, err := filepath.Glob(filepath.Join(dir, "vault.db*"))
		must(t, err)
		for _, f := range files {
			info, err := os.Stat(f)
			must(t, err)
			same(t, info.Mode().Perm(), os.FileMode(0o600))
		}
	})
	t.Run("an address that is none is not quoted", func(t *testing.T) {
		_, err := vault.OpenPostgres(t.Context(), "postgres://u:topsecret@:::/x", master, vault.Options{})
		if err == nil || strings.Contains(err.Error(), "topsecret") {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("closed, it refuses writes", func(t *testing.T) {
		v, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, vault.Options{})
		must(t, err)
		must(t, v.Close())
		must(t, v.Close())
		if err := v.Revoke(t.Context(), "c1"); !errors.Is(err, vault.ErrClosed) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestDerivedKeys(t *testing.T) {
	v, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, vault.Options{})
	must(t, err)
	defer v.Close() // the test ends
	id := v.ReservationID("username", "jan@x.nl")
	// The ids stand in stream names for ever: a change of their derivation frees them all.
	same(t, id, "csc5lzilokuyrl5fp3hp3y2wkdtp634ngd4uflprbzmooiw6i4mq")
	seen := map[string]bool{id: true, v.ReservationID("domain", "jan@x.nl"): true, v.ReservationID("username", "jan@x.n"): true,
		string(v.DerivedKey("cursor")): true, string(v.DerivedKey("csrf")): true}
	same(t, []int{len(seen), len(v.DerivedKey("cursor")), len(id)}, []int{5, 32, 52})
}

// A failing write does not take the others of its batch with it.
func TestBatchesDoNotShareFaults(t *testing.T) {
	p := place{clock: newClock()}
	dir := t.TempDir()
	p.open = func(t *testing.T, key vault.MasterKey, o vault.Options) (*vault.Vault, error) {
		return vault.OpenSQLite(t.Context(), dir, key, o)
	}
	v := p.vault(t)
	var kept atomic.Int64
	together(64, func(i int) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if i%4 == 0 {
			cancel()
		}
		n := vault.NewSecret{ID: fmt.Sprintf("c%d", i), Account: "a1"}
		switch _, err := v.MakeLink(ctx, n); {
		case err == nil:
			kept.Add(1)
		case i%4 != 0:
			t.Errorf("write %d: %v", i, err)
		}
	})
	if kept.Load() < 48 {
		t.Fatalf("%d kept", kept.Load())
	}
	for i := range 64 {
		if _, err := v.SealedSecret(t.Context(), fmt.Sprintf("c%d", i)); err != nil && i%4 != 0 {
			t.Errorf("secret %d: %v", i, err)
		}
	}
}

// Whoever stops waiting leaves nothing behind that the writer still shares: for the race
// detector.
func TestCanceledWrites(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v := p.vault(t)
		together(8, func(i int) {
			for n := range 25 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n)*200*time.Microsecond) // about a commit
				_, err := v.Key(ctx, fmt.Sprintf("account-%d-%d", i, n), true)
				_, other := v.Sweep(ctx)
				cancel()
				for _, err := range []error{err, other} {
					if err != nil && !errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
						t.Errorf("got %v", err)
					}
				}
			}
		})
		_, err := v.Key(t.Context(), "account-1-1", true)
		must(t, err)
	})
}
