package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sleutelbos/internal/app"
	"sleutelbos/internal/sqlitex"
	"strings"
	"testing"
	"time"
)

// SIGTERM under load: what was acknowledged is there, it is quick, and the exit code is 0.
// A feed that is open does not keep it.
func TestGracefulStopUnderLoad(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	c, at := spawn(t, data), newTarget()
	at.set(c.base)
	organization := prepareLoad(t, c.base)
	feed := follow(t.Context(), at, bySSE)
	l := startLoad(t, at, organization, 8, 2)
	l.waitFor(t, 100)
	took := c.terminate(t)
	if c.err != nil || took > 15*time.Second {
		t.Errorf("it stopped after %s with %v:\n%s", took, c.err, c.log)
	}
	if code, out := commandLine(t, "audit", "verify", "--data="+data); code != 0 || !strings.Contains(out, " 0 events are newer than the last checkpoint") {
		t.Errorf("exit code %d; what it wrote was not sealed at the end:\n%s\n%s", code, out, c.log)
	}
	c = spawn(t, data) // whoever had no answer asks again
	at.set(c.base)
	l.stop()
	settled(t, c)
	log := readLog(t, data)
	checkLog(t, log, l)
	checkAccounts(t, c.base, l)
	eventually(t, time.Minute, func() error {
		if feed.last().Before(log[len(log)-1].Position) {
			return fmt.Errorf("the feed is at %s of %s", feed.last(), log[len(log)-1].Position)
		}
		return nil
	})
}

// The commands for operators work beside a running serve.
func TestOperatorsBesideServe(t *testing.T) {
	t.Parallel()
	data, management := t.TempDir(), freeAddress(t)
	c := spawn(t, data, "--management="+management)
	prepareLoad(t, c.base)
	settled(t, c)
	all := strings.Fields("account_list_v1 account_detail_v1 organization_list_v1 license_list_v1 license_requests_v1 letters_v1 letters_by_account_v1 messages_v1 audit_history_v1")
	for _, run := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"healthcheck", "--management=" + management}, 0, []string{`"ready":true`}},
		{[]string{"healthcheck", "--management=" + freeAddress(t)}, 1, []string{"ask whether it is ready"}},
		{[]string{"version"}, 0, []string{"sleutelbos "}},
		{[]string{"projections", "list", "--data=" + data}, 0, all},
		{[]string{"projections", "rebuild", "--data=" + data}, 0, append([]string{"events", "left", "rebuilt"}, all...)},
		{[]string{"projections", "rebuild", "--data=" + data, "letters_v1"}, 0, []string{"letters_v1", "rebuilt"}},
		{[]string{"projections", "rebuild", "--data=" + data, "nothing_v1"}, 1, []string{"there is no projection nothing_v1"}},
		{[]string{"projections", "verify", "--data=" + data}, 0, append([]string{", 0 differ"}, all...)},
		{[]string{"audit", "verify", "--data=" + data}, 0, []string{"The log is as it was written."}},
		{[]string{"audit", "verify", "--data=" + data + "/nowhere"}, 1, []string{"there is no data in"}},
		{[]string{"serve", "--data=" + data, "--http=127.0.0.1:0", "--management=127.0.0.1:0", "--node=off"}, 1, []string{"another process uses this event log"}},
	} {
		t.Run(strings.Join(run.args[:min(2, len(run.args))], " "), func(t *testing.T) {
			code, out := commandLine(t, run.args...)
			if code != run.code {
				t.Fatalf("exit code %d, want %d:\n%s", code, run.code, out)
			}
			for _, want := range run.want {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in:\n%s", want, out)
				}
			}
		})
	}
	if _, err := (&client{base: c.base, key: bootKey}).command(t.Context(), "BlockAccount", body{"accountId": id(2, 0), "reason": "it still serves"}); err != nil {
		t.Error(err)
	}
	settled(t, c) // from the rebuilt tables on
	if code, out := commandLine(t, "projections", "verify", "--data="+data); code != 0 {
		t.Errorf("after the rebuild:\n%s", out)
	}
}

// A rebuilt row that somebody changed is found, and named.
func TestProjectionsVerifyFindsAChangedRow(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	r.run("CreateAccount", newAccount(r.organization(1), 2, 0))
	r.run("CreateAccount", newAccount(id(1, 1), 2, 1))
	r.settle()
	key := r.RowsKey()
	r.stop()
	statementsIn(t, sqlitex.File{Path: filepath.Join(data, "readmodels.db"), Mode: sqlitex.ReadWrite, Key: &key},
		"UPDATE account_list_v1 SET blocked = 1 WHERE id = '"+id(2, 0)+"'", "DELETE FROM account_list_v1 WHERE id = '"+id(2, 1)+"'")
	code, out := commandLine(t, "projections", "verify", "--data="+data, "account_list_v1")
	if code != 1 || !strings.Contains(out, id(2, 0)+": differs in blocked") || !strings.Contains(out, id(2, 1)+": the row is missing") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// What the program does not know it says, and does nothing.
func TestUnknownSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for name, c := range map[string]struct {
		args, env []string
		want      string
	}{
		"a flag":              {args: []string{"serve", "--flavor=red"}, want: "unknown flag --flavor"},
		"a command":           {args: []string{"server"}, want: "server"},
		"a variable":          {args: []string{"version"}, env: []string{"SLEUTELBOS_FLAVOR=red"}, want: "SLEUTELBOS_FLAVOR"},
		"a file of no secret": {args: []string{"version"}, env: []string{"SLEUTELBOS_HTTP_FILE=x"}, want: "SLEUTELBOS_HTTP_FILE"},
		"a key of the file":   {args: []string{"serve", "--config=" + file("unknown.json", `{"flavor": "red"}`)}, want: "flavor"},
		"a file of no JSON":   {args: []string{"serve", "--config=" + file("broken.json", `http: x`)}, want: "read the settings"},
		"no file":             {args: []string{"serve", "--config=" + dir + "/none.json"}, want: "read the settings"},
		"a value":             {args: []string{"serve", "--language=fr"}, want: "--language"},
		"a secret twice":      {args: []string{"serve"}, env: []string{"SLEUTELBOS_MASTER_KEY=x", "SLEUTELBOS_MASTER_KEY_FILE=y"}, want: "both set"},
		"a short API key":     {args: []string{"serve"}, env: []string{"SLEUTELBOS_BOOTSTRAP_API_KEY=kanarie"}, want: "32 characters"},
		"an open door":        {args: []string{"serve", "--node=0.0.0.0:0"}, want: "beyond this machine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(binary(t), c.args...)
			cmd.Dir = t.TempDir()
			cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "SLEUTELBOS_MANAGEMENT=127.0.0.1:0"}, c.env...)
			if !strings.Contains(strings.Join(c.args, " "), "--node") && c.args[0] == "serve" {
				cmd.Args = append(cmd.Args, "--node=off", "--http=127.0.0.1:0")
			}
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), c.want) || strings.Contains(string(out), "kanarie") {
				t.Errorf("%v, want %q in:\n%s", err, c.want, out)
			}
		})
	}
}

// Flag over environment over file over default; a secret comes from a file as well.
func TestSettingsInTheirOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	settings, key := filepath.Join(dir, "settings.json"), filepath.Join(dir, "key")
	must(t, os.WriteFile(settings, []byte(`{"data": "by-file", "log-format": "json", "language": "en"}`), 0o600))
	must(t, os.WriteFile(key, []byte(bootKey+"\n"), 0o600))
	for _, order := range []struct {
		args, env []string
		want      string
	}{
		{nil, nil, "by-file"},
		{nil, []string{"SLEUTELBOS_DATA=by-env"}, "by-env"},
		{[]string{"--data=by-flag"}, []string{"SLEUTELBOS_DATA=by-env"}, "by-flag"},
	} {
		c := spawnIn(t, dir, append([]string{"serve", "--config=" + settings, "--http=127.0.0.1:0", "--management=127.0.0.1:0", "--node=off"}, order.args...),
			append(order.env, "SLEUTELBOS_BOOTSTRAP_API_KEY_FILE="+key))
		_, err := (&client{base: c.base, key: bootKey}).ask(t.Context(), "GET", "/api/v1/me", nil)
		must(t, err)
		if _, err := os.Stat(filepath.Join(dir, order.want, "log.db")); err != nil {
			t.Errorf("the data is not in %s: %v", order.want, err)
		}
		c.terminate(t)
		if !strings.Contains(c.log.String(), `"msg":"stopping"`) {
			t.Errorf("the log is no JSON:\n%s", c.log)
		}
	}
}

// An empty store asks for its first administrator, once.
func TestSetupLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"serve", "--data=data", "--http=127.0.0.1:0", "--management=127.0.0.1:0", "--node=off"}
	setup := func() (c *child, link string) {
		c = spawnIn(t, dir, args, nil)
		eventually(t, time.Minute, func() error {
			if _, line, found := strings.Cut(c.log.String(), "/setup/"); found && strings.Contains(line, "\n") {
				link = strings.Fields(line)[0]
				return nil
			}
			return fmt.Errorf("no link in %s", c.log)
		})
		return c, link
	}
	c, old := setup()
	c.terminate(t)
	c, link := setup()
	in := body{"token": old, "username": "first@example.nl", "name": "First", "password": givenPassword}
	if _, err := (&client{base: c.base}).command(t.Context(), "SetupFirstAdmin", in); err == nil {
		t.Error("the link of an earlier start was good")
	}
	in["token"] = link
	_, err := (&client{base: c.base}).command(t.Context(), "SetupFirstAdmin", in)
	must(t, err)
	if _, err := (&client{base: c.base}).command(t.Context(), "SetupFirstAdmin", in); err == nil {
		t.Error("the link was good twice")
	}
	c.terminate(t)
	c = spawnIn(t, dir, args, nil)
	c.terminate(t)
	if strings.Contains(c.log.String(), "/setup/") {
		t.Errorf("a store with an administrator asks for one:\n%s", c.log)
	}
}
