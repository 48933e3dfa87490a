package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
)

// waiting is serve in a process of its own that may not be ready yet.
type waiting struct {
	*child
	t               *testing.T
	web, management string
}

func launchServe(t *testing.T, args ...string) *waiting {
	t.Helper()
	w := &waiting{t: t, web: freeAddress(t), management: freeAddress(t)}
	all := append([]string{"serve", "--http=" + w.web, "--management=" + w.management, "--node=off"}, args...)
	w.child = launch(t, "", all, append(os.Environ(), "SLEUTELBOS_BOOTSTRAP_API_KEY="+bootKey))
	return w
}

func (w *waiting) get(url string) (status int, header http.Header, text string, err error) {
	res, err := http.Get(url)
	if err != nil {
		return 0, nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(body), err
}

// says waits until readiness has a status and a part.
func (w *waiting) says(want int, part string) {
	w.t.Helper()
	eventually(w.t, time.Minute, func() error {
		status, _, body, err := w.get("http://" + w.management + "/readyz")
		if err == nil && (status != want || !strings.Contains(body, part)) {
			err = fmt.Errorf("/readyz: %d %s, want %d with %s\n%s", status, body, want, part, w.log)
		}
		return err
	})
	if status, _, _, err := w.get("http://" + w.management + "/livez"); err != nil || status != http.StatusOK {
		w.t.Errorf("/livez: %d, %v", status, err)
	}
}

// tellsToComeBack asks that people and programs are told that it starts.
func (w *waiting) tellsToComeBack() {
	w.t.Helper()
	for path, part := range map[string]string{"/": `<meta http-equiv="refresh"`, "/accounts?q=x": "Sleutelbos", "/api/v1/accounts": `"code":"starting"`} {
		status, header, body, err := w.get("http://" + w.web + path)
		if err != nil || status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(body, part) {
			w.t.Errorf("%s: %d %v %s, %v", path, status, header, body, err)
		}
	}
	if status, _, _, err := w.get("http://" + w.web + "/static/app.css"); err != nil || status != http.StatusOK {
		w.t.Errorf("the style sheet: %d, %v", status, err)
	}
	res, err := http.Post("http://"+w.web+"/api/v1/commands/BlockAccount", "application/json", strings.NewReader("{}"))
	must(w.t, err)
	must(w.t, res.Body.Close())
	if res.StatusCode != http.StatusServiceUnavailable {
		w.t.Errorf("a command: %d", res.StatusCode)
	}
}

// stopsAtOnce asks that it ends within three seconds, with code 0.
func (w *waiting) stopsAtOnce() {
	w.t.Helper()
	if took := w.terminate(w.t); took > 3*time.Second || w.err != nil {
		w.t.Errorf("the stop took %s and ended with %v:\n%s", took, w.err, w.log)
	}
}

// doorAt opens an embedded log at an address, as an event store that may come and go.
func doorAt(t *testing.T, dir, address string) (shut func()) {
	t.Helper()
	log, err := node.Open(t.Context(), node.Options{Dir: dir})
	must(t, err)
	listener, err := door.Listen(address)
	must(t, err)
	d, err := door.New(t.Context(), log, door.Options{Listen: listener, Open: true})
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background()) }()
	return func() {
		d.Stop()
		must(t, errors.Join(<-served, log.Close()))
	}
}

// TestF65_F69_AnEventStoreThatIsAway is waited for at the start, and does not hold up a stop.
func TestF65_F69_AnEventStoreThatIsAway(t *testing.T) {
	t.Parallel()
	binary(t)
	address, log := freeAddress(t), t.TempDir()
	args := []string{"--data=" + t.TempDir(), "--eventstore=esdb://" + address + "?tls=false"}
	w := launchServe(t, args...)
	w.says(http.StatusServiceUnavailable, address+" refuses the connection")
	w.tellsToComeBack()
	eventually(t, time.Minute, func() error {
		if told := strings.Count(w.log.String(), "the start waits for the event store"); told < 2 || strings.Count(w.log.String(), address+" refuses the connection") < told {
			return fmt.Errorf("the cause is not told again:\n%s", w.log)
		}
		return nil
	})
	w.stopsAtOnce()

	w = launchServe(t, args...)
	w.says(http.StatusServiceUnavailable, "refuses the connection")
	shut := doorAt(t, log, address)
	w.awaitStart(t)
	w.says(http.StatusOK, `"ready":true`)
	shut()
	w.says(http.StatusServiceUnavailable, `"reasons":{"events":"The event store is out of reach: `+address+" refuses the connection")
	w.stopsAtOnce()
}

// TestF65_DatabasesThatAreAway are waited for, and what is refused is not.
func TestF65_DatabasesThatAreAway(t *testing.T) {
	t.Parallel()
	binary(t)
	data := t.TempDir()
	c := spawn(t, data)
	c.terminate(t)
	for _, name := range []string{"vault.db", "reactors.db", "log.db"} {
		t.Run(name, func(t *testing.T) {
			db, err := sql.Open("sqlite", filepath.Join(data, name)+"?_pragma=journal_mode=WAL")
			must(t, err)
			db.SetMaxOpenConns(1)
			_, err = db.ExecContext(t.Context(), "BEGIN EXCLUSIVE")
			must(t, err)
			w := launchServe(t, "--data="+data)
			w.says(http.StatusServiceUnavailable, name+" is locked by another program")
			w.tellsToComeBack()
			w.stopsAtOnce()
			w = launchServe(t, "--data="+data)
			w.says(http.StatusServiceUnavailable, name+" is locked by another program")
			must(t, db.Close())
			w.awaitStart(t)
			w.says(http.StatusOK, `"ready":true`)
			w.stopsAtOnce()
		})
	}
	t.Run("a password that is not told", func(t *testing.T) {
		address := freeAddress(t)
		w := launchServe(t, "--data="+t.TempDir(), "--database=postgres://sleutelbos:hush@"+address+"/sleutelbos")
		w.says(http.StatusServiceUnavailable, "PostgreSQL: "+address+" refuses the connection")
		w.tellsToComeBack()
		w.stopsAtOnce()
		if strings.Contains(w.log.String(), "hush") {
			t.Errorf("the log holds the password:\n%s", w.log)
		}
	})
	server, ok := ownPostgres(t)
	if !ok {
		t.Skip("PostgreSQL is not installed here")
	}
	t.Run("postgres", func(t *testing.T) {
		must(t, server.Stop())
		w := launchServe(t, "--data="+t.TempDir(), "--database="+server.URL("postgres"))
		w.says(http.StatusServiceUnavailable, `"because":"PostgreSQL: `)
		must(t, server.Resume())
		w.awaitStart(t)
		w.says(http.StatusOK, `"ready":true`)
		must(t, server.Stop())
		w.says(http.StatusServiceUnavailable, `"reasons":{"vault":"PostgreSQL: `)
		w.stopsAtOnce()
		must(t, server.Resume())
	})
	t.Run("a database that the server has not", func(t *testing.T) {
		w := launchServe(t, "--data="+t.TempDir(), "--database="+server.URL("none"))
		select {
		case <-w.ended:
		case <-time.After(time.Minute):
			t.Fatalf("it waits:\n%s", w.log)
		}
		if w.err == nil || !strings.Contains(w.log.String(), "docs/operating.md") {
			t.Errorf("ended with %v:\n%s", w.err, w.log)
		}
	})
}
