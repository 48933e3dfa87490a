package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the program as users have it, built once a test process: a child is killed, and
// must be as quick as the real one, so it goes without the race detector.
var built struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many whole programs in one process: collecting would take a quarter of the time
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir) // the folder is temporary anyway
	}
	os.Exit(code)
}

func binary(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "sleutelbos-test-"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(built.dir, "sleutelbos"), ".")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal("build the program: ", built.err)
	}
	return filepath.Join(built.dir, "sleutelbos")
}

// child is serve in a process of its own.
type child struct {
	cmd       *exec.Cmd
	base      string // of its API
	log       *lockedBuffer
	listening chan string   // gets the base once requests are taken; closed when it has ended
	ended     chan struct{} // closed when it has ended
	err       error         // how; nil is exit code 0
}

// spawn starts serve on a data folder and waits until it takes requests.
func spawn(t testing.TB, data string, args ...string) *child {
	t.Helper()
	all := append([]string{"serve", "--data=" + data, "--http=127.0.0.1:0", "--management=127.0.0.1:0", "--node=off"}, args...)
	return spawnIn(t, "", all, append(os.Environ(), "SLEUTELBOS_BOOTSTRAP_API_KEY="+bootKey))
}

// spawnIn is spawn with all that a process is given.
func spawnIn(t testing.TB, dir string, args, env []string) *child {
	t.Helper()
	c := launch(t, dir, args, env)
	c.awaitStart(t)
	return c
}

// launch starts a process, and waits for nothing.
func launch(t testing.TB, dir string, args, env []string) *child {
	t.Helper()
	c := &child{log: &lockedBuffer{}, listening: make(chan string, 1), ended: make(chan struct{})}
	c.cmd = exec.Command(binary(t), args...)
	c.cmd.Dir, c.cmd.Env = dir, env
	c.cmd.Stderr = c.log
	out, err := c.cmd.StdoutPipe()
	must(t, err)
	must(t, c.cmd.Start())
	go func() {
		defer close(c.ended)
		defer close(c.listening)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			fmt.Fprintln(c.log, lines.Text())
			if base, ok := strings.CutPrefix(lines.Text(), "Sleutelbos listens on "); ok {
				c.listening <- base
			}
		}
		c.err = c.cmd.Wait()
	}()
	t.Cleanup(c.kill)
	return c
}

// awaitStart waits until it takes requests.
func (c *child) awaitStart(t testing.TB) {
	t.Helper()
	select {
	case base, ok := <-c.listening:
		if !ok {
			t.Fatalf("serve did not start:\n%s", c.log)
		}
		c.base = base
	case <-time.After(time.Minute):
		t.Fatalf("serve did not start within a minute:\n%s", c.log)
	}
}

// kill ends it as a power cut does, and waits until it is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended already
	<-c.ended
}

// terminate asks it to stop and returns how long that took.
func (c *child) terminate(t testing.TB) time.Duration {
	t.Helper()
	began := time.Now()
	must(t, c.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-c.ended:
	case <-time.After(time.Minute):
		t.Fatalf("serve did not stop:\n%s", c.log)
	}
	return time.Since(began)
}
