// Package postgrestest starts a PostgreSQL server for the tests of a process, and gives
// each test a database of its own. It refuses to skip where CI is set: there a missing
// server is a failure.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL server with its data in a temporary folder. It ends with the
// process, however that ends.
type Server struct {
	dir     string
	cmd     *exec.Cmd
	command func() *exec.Cmd
	ended   chan struct{}
}

var shared struct {
	once   sync.Once
	server *Server
	err    error
	number atomic.Int64
}

// URL returns the connection string of a fresh database, dropped when the test ends. The
// server is started once in a process.
func URL(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.err = Start() })
	if errors.Is(shared.err, ErrMissing) && os.Getenv("CI") == "" {
		t.Skip("PostgreSQL is not installed here: ", shared.err)
	}
	if shared.err != nil {
		t.Fatal("start PostgreSQL: ", shared.err)
	}
	name := fmt.Sprintf("test%d", shared.number.Add(1))
	if err := shared.server.admin("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shared.server.admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return shared.server.URL(name)
}

// ErrMissing says that no PostgreSQL is installed. Compare with errors.Is.
var ErrMissing = errors.New("no initdb and postgres in PATH or /usr/lib/postgresql")

// Start starts a server for tests that take it away and bring it back; others use URL.
func Start() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	sweep()
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", folderPrefix, os.Getpid()))
	if err != nil {
		return nil, err
	}
	who, err := owner(dir)
	if err != nil {
		return nil, err
	}
	run := func(program string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, program), args...) //nolint:noctx // the server outlives whoever starts it
		cmd.Dir = dir
		cmd.Env = []string{"LC_ALL=C.UTF-8", "PATH=" + os.Getenv("PATH")}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Pdeathsig: syscall.SIGQUIT}
		return cmd
	}
	data := filepath.Join(dir, "data")
	if out, err := run("initdb", "-D", data, "-U", "sleutelbos", "-A", "trust", "--no-sync").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	s := &Server{dir: dir, command: func() *exec.Cmd {
		return run("postgres", "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off",
			"-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "max_wal_size=1GB", "-c", "log_min_messages=fatal")
	}}
	return s, s.Resume()
}

// Resume starts the server again after Stop.
func (s *Server) Resume() error {
	s.cmd, s.ended = s.command(), make(chan struct{})
	started := make(chan error)
	go func() {
		// The server gets its signal when the thread that forked it ends, so that thread
		// must live as long as the server.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			_ = s.cmd.Wait() // it was stopped by a signal
		}
		close(s.ended)
	}()
	if err := <-started; err != nil {
		return err
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := s.admin("SELECT 1")
		if err == nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-s.ended:
			return fmt.Errorf("the server ended at once: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Stop takes the server away at once, as a crash does; its data stays.
func (s *Server) Stop() error {
	err := s.cmd.Process.Signal(syscall.SIGQUIT)
	<-s.ended
	return err
}

// Close stops the server and removes its data.
func (s *Server) Close() error { return errors.Join(s.Stop(), os.RemoveAll(s.dir)) }

// URL returns the connection string of one of its databases; "postgres" is always there.
func (s *Server) URL(database string) string {
	return "postgres:///" + database + "?user=sleutelbos&host=" + s.dir
}

func (s *Server) admin(statement string) error {
	ctx, end := context.WithTimeout(context.Background(), 10*time.Second)
	defer end()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

const folderPrefix = "sleutelbos-pg-"

// sweep removes what processes that are gone left: a server that URL started ends with its
// process, which can't clean up after that.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*")) // the pattern is a good one
	for _, folder := range left {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), folderPrefix), "-")
		pid, err := strconv.Atoi(number)
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(folder) // or the next process does
		}
	}
}

// programs returns the folder of the newest server's programs.
func programs() (string, error) {
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(folders, func(x, y string) int { return version(y) - version(x) })
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
			return folder, nil
		}
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", ErrMissing
}

func version(folder string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder))) // one that is no number comes last
	return n
}

// owner gives the folder to a user whom the server accepts: it refuses to run as root.
func owner(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil // nil keeps the user of the tests
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, int(uid), int(gid))
}
