package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// takeover is how soon another process does the work of one that answers nobody.
const takeover = 15 * time.Second

// TestF57_TwoProcesses over one PostgreSQL: when the active one stands still or can't be reached,
// the other does its work. When it is back it does nothing twice, and stands by.
func TestF57_TwoProcesses(t *testing.T) {
	t.Parallel()
	binary(t)
	for name, disturb := range map[string]func(*testing.T, *waiting, *postgrestest.Cable) (mend func()){
		"frozen": func(t *testing.T, active *waiting, _ *postgrestest.Cable) func() {
			must(t, active.cmd.Process.Signal(syscall.SIGSTOP))
			return func() { must(t, active.cmd.Process.Signal(syscall.SIGCONT)) }
		},
		"cut off": func(_ *testing.T, _ *waiting, c *postgrestest.Cable) func() {
			c.Cut()
			return c.Mend
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, ok := ownPostgres(t)
			if !ok {
				t.Skip("PostgreSQL is not installed here")
			}
			wire := postgrestest.LayCable(t, server.URL("postgres"))
			folders := []string{t.TempDir(), t.TempDir()}
			common := []string{"--eventstore=" + openDoor(t)}
			active := launchServe(t, append(common, "--data="+folders[0], "--database="+wire.URL())...)
			active.awaitStart(t)
			active.says(http.StatusOK, `"ready":true`)
			eventually(t, takeover, func() error { return active.works(true) })
			must(t, os.Rename(copyFolder(t, filepath.Join(folders[0], "keys")), filepath.Join(folders[1], "keys")))
			other := launchServe(t, append(common, "--data="+folders[1], "--database="+server.URL("postgres"))...)
			other.awaitStart(t)
			other.says(http.StatusOK, `"ready":true`)
			must(t, other.works(false))

			created := createThrough(t, other)
			eventually(t, takeover, func() error { return mailed(folders[:1], 1, time.Time{}) })
			mend := disturb(t, active, wire)
			began, before := time.Now(), created.n.Load()
			eventually(t, takeover, func() error { return other.works(true) })
			taken := time.Now()
			eventually(t, takeover-time.Since(began), func() error { return mailed(folders[1:], 1, time.Time{}) })
			t.Logf("taken over after %s, with %d accounts made meanwhile", time.Since(began).Round(time.Second), created.n.Load()-before)

			mend()
			eventually(t, takeover, func() error { return active.works(false) })
			total := int(created.stop())
			eventually(t, takeover, func() error { return mailed(folders, total, taken) })
			for _, w := range []*waiting{active, other} {
				settled(t, w.child)
			}
			if code, out := commandLine(t, append(common, "projections", "verify", "--data="+folders[1], "--database="+server.URL("postgres"))...); code != 0 {
				t.Errorf("the read models are not what the log says:\n%s", out)
			}
			must(t, mailed(folders, total, taken))
			must(t, active.works(false))
			other.terminate(t)
			eventually(t, takeover, func() error { return active.works(true) })
		})
	}
}

// jobs are those of one process at a time.
var jobs = []string{"deadlines", "repairs", "mark", "seals"}

// works asks that a process runs every read model and reactor and has done every periodic job, or
// that it runs none of them and stands by.
func (w *waiting) works(want bool) error {
	var list struct{ Items []projectionState }
	text, err := (&client{base: w.base, key: bootKey}).ask(w.t.Context(), http.MethodGet, "/api/v1/projections", nil)
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		return err
	}
	for _, p := range list.Items {
		if running := p.State == "live" || p.State == "catching-up"; running != want || p.State == "stopped" {
			return fmt.Errorf("%s is %s: %v\n%s", p.Name, p.State, p.LastError, w.log)
		}
	}
	_, _, metrics, err := w.get("http://" + w.management + "/metrics")
	for _, job := range jobs {
		if want && err == nil && !strings.Contains(metrics, `sleutelbos_job_last_success_timestamp_seconds{job="`+job+`"}`) {
			err = fmt.Errorf("it has not done the job %s\n%s", job, w.log)
		}
	}
	return err
}

// creating makes accounts, each of which is sent a mail, until it is stopped.
type creating struct {
	n    atomic.Int64
	stop func() int64 // returns how many there are
}

func createThrough(t *testing.T, w *waiting) *creating {
	t.Helper()
	api := &client{base: w.base, key: bootKey}
	_, err := api.command(t.Context(), "RegisterOrganization", body{"organizationId": id(1, 1), "name": "Organization", "preset": "klic"})
	must(t, err)
	c := &creating{}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		pace := time.NewTicker(50 * time.Millisecond)
		defer pace.Stop()
		for {
			select {
			case <-stop:
				return
			case <-pace.C:
			}
			n := int(c.n.Load())
			account := newAccount(id(1, 1), 2, n)
			_, err := api.command(t.Context(), "CreateAccount", account)
			if err == nil {
				_, err = api.command(t.Context(), "SendActivation", body{"accountId": account["accountId"]})
			}
			if err != nil {
				if t.Context().Err() == nil {
					t.Errorf("account %d: %v", n, err)
				}
				return
			}
			c.n.Add(1)
		}
	}()
	c.stop = func() int64 {
		close(stop)
		<-ended
		return c.n.Load()
	}
	return c
}

var mailTo = regexp.MustCompile(`To: .*`)

// mailed asks that at least so many people were sent a mail, and none of them two. The one exception
// is a mail that was handed over when its process was stopped, before it could write that down: it
// is sent again under the same id, since nobody can know. After another process has taken over, the
// one that was stopped sends nothing.
func mailed(folders []string, least int, taken time.Time) error {
	seen := map[string]string{}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "outbox", "*.eml"))
		if err != nil {
			return err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			to := mailTo.FindString(string(text))
			first, twice := seen[to]
			if underWay := twice && mailID(first) == mailID(file) && mailedBefore(first, taken); twice && !underWay {
				return fmt.Errorf("%s: twice, %s and %s", to, first, file)
			}
			seen[to] = file
		}
	}
	if len(seen) < least {
		return fmt.Errorf("%d people were sent a mail, want %d", len(seen), least)
	}
	return nil
}

// outboxName is when a mail was handed over, and its id.
var outboxName = regexp.MustCompile(`(\d{8}T\d{6}\.\d+Z)-([0-9a-f-]{36})\.eml$`)

func mailID(file string) string { return outboxName.FindStringSubmatch(file)[2] }

func mailedBefore(file string, moment time.Time) bool {
	at, err := time.Parse("20060102T150405.999999999Z", outboxName.FindStringSubmatch(file)[1])
	return err == nil && at.Before(moment)
}
