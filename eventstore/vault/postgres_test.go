package vault_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

var (
	postgresURL string // of the server of this run; empty if PostgreSQL is not installed
	databases   atomic.Int64
)

func TestMain(m *testing.M) {
	if address := os.Getenv(holdsSchema); address != "" {
		os.Exit(holdSchema(address))
	}
	// Pdeathsig belongs to the thread that forks.
	runtime.LockOSThread()
	address, stop, err := startPostgres()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	postgresURL = address
	code := m.Run()
	stop()
	os.Exit(code)
}

// freshDatabase returns the address of an empty PostgreSQL database.
func freshDatabase(t testing.TB) string {
	t.Helper()
	if postgresURL == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("PostgreSQL is not installed")
		}
		t.Skip("PostgreSQL is not installed")
	}
	name := fmt.Sprintf("vault%d", databases.Add(1))
	config, err := pgx.ParseConfig(postgresURL)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close() // the test has what it needs
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return postgresURL + " dbname=" + name
}

func postgresBinary(name string) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name) // the pattern is right
	if len(found) > 0 {
		slices.Sort(found)
		return found[len(found)-1]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

func startPostgres() (address string, stop func(), err error) {
	initdb, postgres := postgresBinary("initdb"), postgresBinary("postgres")
	if initdb == "" || postgres == "" {
		return "", func() {}, nil
	}
	dir, err := os.MkdirTemp("", "vaultpg") //nolint:usetesting // it outlives every test
	if err != nil {
		return "", nil, err
	}
	attributes, err := unprivileged(dir)
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(dir, "data")
	run := func(name string, arguments ...string) *exec.Cmd {
		c := exec.CommandContext(context.Background(), name, arguments...)
		c.Dir, c.Env, c.SysProcAttr = dir, []string{"LC_ALL=C.UTF-8", "PATH=" + os.Getenv("PATH")}, attributes
		return c
	}
	if out, err := run(initdb, "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8").CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	server := run(postgres, "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=100")
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = server.Process.Signal(syscall.SIGQUIT) // the folder goes with it
		_ = server.Wait()                          // it was told to stop
		_ = os.RemoveAll(dir)                      // a leftover in the temporary folder
	}
	address = "host=" + dir + " user=postgres sslmode=disable"
	return address, stop, awaitPostgres(address)
}

func awaitPostgres(address string) error {
	db, err := sql.Open("pgx", address+" dbname=postgres")
	if err != nil {
		return err
	}
	defer db.Close() // only a ping went over it
	deadline := time.Now().Add(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if err = db.PingContext(context.Background()); err == nil || time.Now().After(deadline) {
			return err
		}
		<-tick.C
	}
}

// unprivileged is how to start the server, which refuses to run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		return attributes, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		if owner, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, _ := strconv.Atoi(owner.Uid) // it is a number on Linux
	gid, _ := strconv.Atoi(owner.Gid) // it is a number on Linux
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, os.Chown(dir, uid, gid)
}
