package nodetest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the child's program, made once for all tests.
var built struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run() // no look at what is left running: the official client leaves every lost connection behind
	if built.dir != "" {
		_ = os.RemoveAll(built.dir) // in the folder for what is temporary
	}
	os.Exit(code)
}

func program(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "nodetest-*"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", filepath.Join(built.dir, "child"), "./child")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal("build the child: ", built.err)
	}
	return filepath.Join(built.dir, "child")
}

// child is the process, seen from outside.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	said  *strings.Builder // of the child's errors; read it only after the end
	ready chan struct{}    // closed when it serves
	ended chan struct{}
	err   error
}

// spawn starts one whose files may grow by so many bytes; 0 is no limit.
func spawn(t *testing.T, dir, socket string, room int) *child {
	t.Helper()
	args := []string{dir, socket}
	if room > 0 {
		args = append(args, strconv.Itoa(room))
	}
	c := &child{cmd: exec.Command(program(t), args...), said: &strings.Builder{}, ready: make(chan struct{}), ended: make(chan struct{})}
	c.cmd.Stderr = c.said
	in, err := c.cmd.StdinPipe()
	must(t, err)
	c.stdin = in
	out, err := c.cmd.StdoutPipe()
	must(t, err)
	must(t, c.cmd.Start())
	go func() {
		defer close(c.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == "ready" {
				close(c.ready)
			}
		}
		c.err = c.cmd.Wait()
	}()
	t.Cleanup(c.kill)
	return c
}

// serving waits until the child serves.
func (c *child) serving(t *testing.T) {
	t.Helper()
	select {
	case <-c.ready:
	case <-c.ended:
		t.Fatalf("the child did not start: %v\n%s", c.err, c.said)
	case <-time.After(time.Minute):
		t.Fatal("the child did not start within a minute")
	}
}

// kill ends it as a power cut does, and waits until it is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended already
	_ = c.stdin.Close()
	<-c.ended
}

// killed kills it, which must be the reason of its end.
func (c *child) killed(t *testing.T) {
	t.Helper()
	c.kill()
	if status, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the child ended by itself: %v\n%s", c.err, c.said)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// socketPath is short: the path of a socket may have some hundred bytes only.
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sb")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return filepath.Join(dir, "node.sock")
}
