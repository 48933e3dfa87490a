package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestF70_AnEarlierLogIsPutBack: read models follow by themselves, and reactors wait to be told
// where they go on.
func TestF70_AnEarlierLogIsPutBack(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	logs := func() map[string][]byte {
		files, err := filepath.Glob(filepath.Join(data, "log.db*"))
		must(t, err)
		all := map[string][]byte{}
		for _, path := range files {
			all[path], err = os.ReadFile(path)
			must(t, err)
		}
		return all
	}
	c := spawn(t, data)
	prepareLoad(t, c.base)
	settled(t, c)
	c.terminate(t)
	earlier := logs()
	c = spawn(t, data)
	for i := range 30 {
		_, err := (&client{base: c.base, key: bootKey}).command(t.Context(), "BlockAccount", body{"accountId": id(2, i%2), "reason": fmt.Sprint(i)})
		must(t, err)
		_, err = (&client{base: c.base, key: bootKey}).command(t.Context(), "UnblockAccount", body{"accountId": id(2, i%2), "reason": fmt.Sprint(i)})
		must(t, err)
	}
	settled(t, c)
	c.terminate(t)
	for path := range logs() {
		must(t, os.Remove(path))
	}
	for path, content := range earlier {
		must(t, os.WriteFile(path, content, 0o600))
	}

	c = spawn(t, data)
	_, err := (&client{base: c.base, key: bootKey}).command(t.Context(), "BlockAccount", body{"accountId": id(2, 0), "reason": "new"})
	must(t, err)
	states := func(reactors bool) (all []string) {
		for _, p := range projectionsAt(t, c.base) {
			if p.Reactor == reactors {
				all = append(all, p.State)
			}
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	eventually(t, time.Minute, func() error {
		if tables, reactors := states(false), states(true); !slices.Equal(tables, []string{"live"}) || !slices.Equal(reactors, []string{"stopped"}) {
			return fmt.Errorf("read models are %v, reactors %v", tables, reactors)
		}
		return nil
	})
	if said := fmt.Sprint(c.log); !strings.Contains(said, "read model is not of this log") || !strings.Contains(said, "reactors resume") {
		t.Errorf("it is not said:\n%s", said)
	}
	if code, out := commandLine(t, "projections", "verify", "--data="+data); code != 0 {
		t.Errorf("the read models are not those of the log:\n%s", out)
	}
	for _, run := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"reactors", "list"}, 0, "NO: "},
		{[]string{"reactors", "resume", "--from=somewhere"}, 1, "--from is start, end or the position"},
		{[]string{"reactors", "resume", "--from=end", "nobody"}, 1, "no reactor of this name"},
		{[]string{"reactors", "resume", "--from=end"}, 0, "goes on behind position"},
		{[]string{"reactors", "resume", "--from=end"}, 0, "nothing was done"},
	} {
		if code, out := commandLine(t, append(run.args, "--data="+data)...); code != run.code || !strings.Contains(out, run.want) {
			t.Errorf("%v: exit code %d, want %d and %q:\n%s", run.args, code, run.code, run.want, out)
		}
	}
	eventually(t, time.Minute, func() error {
		if reactors := states(true); !slices.Equal(reactors, []string{"live"}) {
			return fmt.Errorf("reactors are %v", reactors)
		}
		return nil
	})
}
