package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sleutelbos/internal/app"
)

// TestF61_TheEndOfTheLogIsMissing: a write-ahead log that was cut takes acknowledged commands with
// it. The read models, the seals and the vault have seen them, and that is said.
func TestF61_TheEndOfTheLogIsMissing(t *testing.T) {
	data := t.TempDir()
	c := spawn(t, data)
	prepareLoad(t, c.base)
	settled(t, c)
	c.terminate(t)
	c = spawn(t, data)
	_, err := (&client{base: c.base, key: bootKey}).command(t.Context(), "BlockAccount", body{"accountId": id(2, 0), "reason": "acknowledged"})
	must(t, err)
	settled(t, c)
	c.kill()
	must(t, os.Truncate(filepath.Join(data, "log.db-wal"), 0))

	code, out := commandLine(t, "doctor", "--data="+data)
	if code != 1 || !strings.Contains(out, "put back the log") {
		t.Errorf("doctor: %d %s", code, out)
	}
	r := start(t, app.Places{Data: data})
	if said := fmt.Sprint(r.log); !strings.Contains(said, "not in this log") {
		t.Errorf("it is not said: %s", said)
	}
	if status, ready := r.manage("/readyz"); status == http.StatusOK && !strings.Contains(ready, `"troubles"`) || strings.Contains(ready, `"troubles":[]`) {
		t.Errorf("/readyz: %d %s", status, ready)
	}
	r.stop()
}

// TestF61_TheVaultHasSeenMore: with no read model left, the vault knows how far the log was. It is
// told until somebody takes the log as it is.
func TestF61_TheVaultHasSeenMore(t *testing.T) {
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	r.organization(1)
	r.stop()
	earlier, err := os.ReadFile(filepath.Join(data, "log.db"))
	must(t, err)
	r = start(t, app.Places{Data: data})
	r.organization(2)
	must(t, r.House(nil).Mark(t.Context()))
	r.stop()
	if code, out := commandLine(t, "doctor", "--data="+data); code != 0 || !strings.Contains(out, "belong together") {
		t.Fatalf("doctor: %d %s", code, out)
	}
	must(t, os.WriteFile(filepath.Join(data, "log.db"), earlier, 0o600))
	for _, name := range []string{"readmodels.db", "reactors.db", "seals"} {
		must(t, os.RemoveAll(filepath.Join(data, name)))
	}
	for n := range 2 { // a start does not hide it
		r = start(t, app.Places{Data: data})
		if _, ready := r.manage("/readyz"); !strings.Contains(ready, `"code":"log-cut"`) {
			t.Fatalf("/readyz: %s", ready)
		}
		r.organization(3 + n)
		r.stop()
	}
	if code, out := commandLine(t, "doctor", "--accept", "--data="+data); code != 0 {
		t.Errorf("doctor --accept: %d %s", code, out)
	}
}

// TestF61_AnotherLog: the vault of another log stops the start with a sentence, and nothing is
// written.
func TestF61_AnotherLog(t *testing.T) {
	one, other := t.TempDir(), t.TempDir()
	for _, data := range []string{one, other} {
		r := start(t, app.Places{Data: data})
		r.organization(1)
		must(t, r.House(nil).Mark(t.Context()))
		r.stop()
	}
	logs := func(from string) {
		for _, name := range []string{"log.db", "log.db-wal", "log.db-shm", "readmodels.db", "reactors.db"} {
			must(t, os.RemoveAll(filepath.Join(one, name)))
		}
		if from != "" {
			text, err := os.ReadFile(filepath.Join(from, "log.db"))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(one, "log.db"), text, 0o600))
		}
	}
	refused := func(what string) {
		t.Helper()
		code, out := commandLine(t, "serve", "--data="+one, "--http=127.0.0.1:0", "--management=127.0.0.1:0", "--node=off")
		if code != 1 || !strings.Contains(out, "The vault belongs to a log that begins with") {
			t.Errorf("%s: %d %s", what, code, out)
		}
		if code, out := commandLine(t, "doctor", "--data="+one); code != 1 || !strings.Contains(out, "another-log") {
			t.Errorf("doctor, %s: %d %s", what, code, out)
		}
	}
	logs(other)
	refused("the log of another")
	logs("")
	refused("no log")
	must(t, os.Remove(filepath.Join(one, "vault.db"))) // a vault without a mark, which opens nothing
	logs(other)
	code, out := commandLine(t, "serve", "--data="+one, "--http=127.0.0.1:0", "--management=127.0.0.1:0", "--node=off")
	if code != 1 || !strings.Contains(out, "opens none of the first") {
		t.Errorf("a new vault: %d %s", code, out)
	}
}
