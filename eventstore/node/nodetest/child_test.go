package nodetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
)

// The environment of a child: where its log lies, where its door stands, and by how many
// bytes its files may grow.
const (
	childDir    = "NODETEST_DIR"
	childSocket = "NODETEST_SOCKET"
	childRoom   = "NODETEST_ROOM"
	childReady  = "ready"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := serveChild(dir, os.Getenv(childSocket), os.Getenv(childRoom)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run()) // no look at what is left running: the official client leaves every lost connection behind
}

// serveChild is the log with its door and nothing else, until it is killed or whoever
// started it is gone.
func serveChild(dir, socket, room string) error {
	if err := limitFiles(dir, room); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	log, err := node.Open(ctx, node.Options{Dir: dir, TailEvents: 64})
	if err != nil {
		return err
	}
	listener, err := door.Listen("unix:" + socket)
	if err != nil {
		return errors.Join(err, log.Close())
	}
	d, err := door.New(ctx, log, door.Options{Listen: listener, Open: true})
	if err != nil {
		return errors.Join(err, log.Close())
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // it ends with whoever started this
		stop()
	}()
	fmt.Println(childReady)
	return errors.Join(d.Serve(ctx), log.Close())
}

// limitFiles lets the log's files grow by so many bytes and no more, as a disk does that
// fills up.
func limitFiles(dir, room string) error {
	if room == "" {
		return nil
	}
	n, err := strconv.ParseUint(room, 10, 32)
	if err != nil {
		return err
	}
	for _, name := range []string{"log.db", "log.db-wal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		n = max(n, uint64(info.Size())+n)
	}
	signal.Ignore(syscall.SIGXFSZ)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
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

func spawn(t *testing.T, dir, socket string, room int) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0]), said: &strings.Builder{}, ready: make(chan struct{}), ended: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), childDir+"="+dir, childSocket+"="+socket)
	if room > 0 {
		c.cmd.Env = append(c.cmd.Env, childRoom+"="+strconv.Itoa(room))
	}
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
			if lines.Text() == childReady {
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
