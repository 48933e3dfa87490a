package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/esdb"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// sameLog compares two logs but for what a store gives itself.
func sameLog(t testing.TB, got, want []eventstore.Recorded) {
	t.Helper()
	own := cmpopts.IgnoreFields(eventstore.Recorded{}, "Position", "Created")
	if diff := cmp.Diff(want, got, own, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("the copy differs (-want +got):\n%s", diff)
	}
}

// The whole way from the embedded stores to EventStoreDB and PostgreSQL, with the same
// data folder for keys and seals.
func TestMove(t *testing.T) {
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	organization := r.organization(1)
	for n := range 5 {
		// The store's own events stay behind, so that the copy has other positions.
		for i := range 3 {
			_, err := r.Node.Append(t.Context(), "$$$ce-account", eventstore.Any, eventstore.Event{ID: uuid.UUID{0: 1, 14: byte(n), 15: byte(i)}, Type: index.TypeMetadata, Data: []byte("{}")})
			must(t, err)
		}
		r.run("CreateAccount", newAccount(organization, 2, n))
		_, err := r.Sealer.Seal(t.Context())
		must(t, err)
	}
	eventStore, database := openDoor(t), postgrestest.URL(t)
	code, out := commandLine(t, "copy-log", "--data="+data, "--to="+eventStore)
	if code != 0 || !strings.Contains(out, "stop every serve") {
		t.Fatalf("beside serve: %d %s", code, out)
	}
	r.run("CreateAccount", newAccount(organization, 2, 5))
	if code, out := commandLine(t, "copy-vault", "--data="+data, "--to="+database); code == 0 || !strings.Contains(out, "another process uses this event log") {
		t.Errorf("copy-vault beside serve: %d %s", code, out)
	}
	r.settle()
	all := r.records()
	r.stop() // and seals
	code, out = commandLine(t, "copy-log", "--data="+data, "--to="+eventStore)
	n := sealsIn(t, openedBriefly(t, data))
	if code != 0 || strings.Contains(out, "stop every serve") || !strings.Contains(out, fmt.Sprintf("and %d checkpoints, %d of them kept outside", n, n)) {
		t.Fatalf("the rest: %d %s", code, out)
	}
	code, out = commandLine(t, "copy-log", "--data="+data, "--to="+eventStore)
	if code != 0 || !strings.Contains(out, "events were there, 0 were copied") {
		t.Fatalf("once more: %d %s", code, out)
	}
	if code, out := commandLine(t, "copy-vault", "--data="+data, "--to="+database); code != 0 {
		t.Fatal(out)
	}
	if code, out := commandLine(t, "copy-vault", "--data="+data, "--to="+database); code == 0 || !strings.Contains(out, "not empty") {
		t.Errorf("copy-vault twice: %d %s", code, out)
	}

	r = start(t, app.Places{Data: data, EventStore: eventStore, Database: database})
	sameLog(t, r.records()[:len(all)], all)
	r.run("CreateAccount", newAccount(organization, 2, 6)) // with the API key of the old vault
	if found := r.fresh("/accounts?q=person-2-3"); !strings.Contains(found, id(2, 3)) {
		t.Errorf("got %s", found)
	}
	r.stop() // and seals over what was copied
	moved, err := esdb.Open(eventStore, esdb.Options{})
	must(t, err)
	defer moved.Close()
	made := sealsIn(t, recordsOf(t, moved))
	if made <= n {
		t.Errorf("%d seals before and %d after", n, made)
	}
	code, out = commandLine(t, "audit", "verify", "--data="+data, "--eventstore="+eventStore, "--database="+database)
	if code != 0 || !strings.Contains(out, fmt.Sprintf("%d checkpoints, %d outside the log; 0 events are newer", made, made)) {
		t.Errorf("verify: %d %s", code, out)
	}
}

func sealsIn(t *testing.T, all []eventstore.Recorded) (n int) {
	t.Helper()
	for _, e := range all {
		if e.Type == audit.SealedName {
			n++
		}
	}
	return n
}

// openedBriefly returns the events of a log that is closed again.
func openedBriefly(t *testing.T, dir string) []eventstore.Recorded {
	t.Helper()
	log, err := node.OpenReadOnly(t.Context(), node.Options{Dir: dir})
	must(t, err)
	defer func() { must(t, log.Close()) }()
	return recordsOf(t, log.Store())
}

func openLogIn(t *testing.T, dir string) eventstore.Store {
	t.Helper()
	log, err := node.Open(t.Context(), node.Options{Dir: dir})
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	return log.Store()
}

// failing is a store that refuses appends after some, the last of which it makes all the same.
type failing struct {
	eventstore.Store
	left int
}

func (f *failing) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	if f.left--; f.left > 0 {
		return f.Store.Append(ctx, stream, expected, events...)
	}
	if f.left == 0 {
		_, err := f.Store.Append(ctx, stream, expected, events...)
		return eventstore.Receipt{}, errors.Join(eventstore.ErrUnavailable, err)
	}
	return eventstore.Receipt{}, eventstore.ErrUnavailable
}

func written(t *testing.T, to eventstore.Store, streams ...string) {
	t.Helper()
	next := map[string]int64{}
	for i, stream := range streams {
		e := eventstore.Event{ID: uuid.UUID{15: byte(i + 1)}, Type: "account.blocked.v1", Data: []byte{'{', byte('0' + i), '}'}, Metadata: []byte{0, byte(i)}, Binary: i%2 == 1}
		_, err := to.Append(t.Context(), stream, eventstore.Expected(next[stream]-1), e)
		must(t, err)
		next[stream]++
	}
}

func TestLogCopyGoesOn(t *testing.T) {
	source, target := openLogIn(t, t.TempDir()), openLogIn(t, t.TempDir())
	written(t, source, "a-1", "b-1", "a-1", "a-1", "c-1", "b-1", "a-1")
	quiet := func(string, ...any) {}
	first := &logCopy{source: source, target: &failing{target, 3}, said: quiet}
	if err := first.run(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	second := &logCopy{source: source, target: target, said: quiet}
	must(t, second.run(t.Context()))
	same(t, []int64{second.there, second.made}, []int64{4, 3}) // a-1, b-1, and two of a-1 that were not acknowledged
	grown, err := second.compare(t.Context())
	same(t, []any{grown, err, second.compared, second.streams}, []any{false, error(nil), int64(7), 3})
	sameLog(t, recordsOf(t, target), recordsOf(t, source))
}

func TestLogCopyRefusesAnotherLog(t *testing.T) {
	for what, streams := range map[string][]string{
		"from the start":   {"z-1"},
		"in between":       {"a-1", "z-1"},
		"behind":           {"a-1", "b-1", "z-1"},
		"in another order": {"b-1", "a-1"},
	} {
		t.Run(what, func(t *testing.T) {
			source, target := openLogIn(t, t.TempDir()), openLogIn(t, t.TempDir())
			written(t, source, "a-1", "b-1")
			written(t, target, streams...)
			before := recordsOf(t, target)
			err := (&logCopy{source: source, target: target, said: func(string, ...any) {}}).run(t.Context())
			if err == nil || !strings.Contains(err.Error(), "not this log's") {
				t.Errorf("got %v", err)
			}
			same(t, recordsOf(t, target), before)
		})
	}
	t.Run("another version", func(t *testing.T) {
		source, target := openLogIn(t, t.TempDir()), openLogIn(t, t.TempDir())
		written(t, source, "a-1", "b-1")
		_, err := target.Append(t.Context(), "a-1", eventstore.NoStream, eventstore.Event{ID: uuid.UUID{15: 1}, Type: "account.blocked.v1", Data: []byte("{1}"), Metadata: []byte{0, 0}})
		must(t, err)
		err = (&logCopy{source: source, target: target, said: func(string, ...any) {}}).run(t.Context())
		if err == nil || !strings.Contains(err.Error(), "another version of an event: a-1 revision 0") {
			t.Errorf("got %v", err)
		}
	})
}

func TestCopyLogToAFolder(t *testing.T) {
	data, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	r := start(t, app.Places{Data: data})
	r.organization(1)
	r.stop()
	if code, out := commandLine(t, "copy-log", "--data="+data, "--to="+data); code == 0 || !strings.Contains(out, "to itself") {
		t.Errorf("to itself: %d %s", code, out)
	}
	if code, out := commandLine(t, "copy-log", "--data="+t.TempDir(), "--to="+to); code == 0 || !strings.Contains(out, "no event log") {
		t.Errorf("from nothing: %d %s", code, out)
	}
	code, out := commandLine(t, "copy-log", "--data="+data, "--to="+to)
	if code != 0 || !strings.Contains(out, "The chains of all") {
		t.Fatalf("got %d %s", code, out)
	}
	sameLog(t, recordsOf(t, openLogIn(t, to)), recordsOf(t, openLogIn(t, data)))
}
