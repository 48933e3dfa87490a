package vault_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"sleutelbos/eventstore/vault"
)

// TestF57_AFrozenTransaction: PostgreSQL ends the transaction of a process that stands still, or whose
// network is cut, and other processes go on.
func TestF57_AFrozenTransaction(t *testing.T) {
	v, err := vault.OpenPostgres(t.Context(), freshDatabase(t), master, vault.Options{})
	must(t, err)
	defer func() { must(t, v.Close()) }()
	same(t, vault.Setting(t, v, "idle_in_transaction_session_timeout"), "10s")
}

// holdsSchema names, in the environment of a process of this test, the database whose schema it holds.
const holdsSchema = "SLEUTELBOS_TEST_HOLDS_SCHEMA"

// holdSchema holds the turn with the schema until it is lost, or until the process ends. It returns the
// code to exit with.
func holdSchema(address string) int {
	err := vault.HoldSchema(context.Background(), address, func(ctx context.Context) error {
		fmt.Println("held")
		<-ctx.Done()
		return context.Cause(ctx)
	})
	fmt.Println("lost:", err)
	return 3
}

// TestF57_AFrozenMigration: a process that stands still while it brings the schema up to date keeps
// no other from starting, and does not go on when it is woken. One that works keeps its turn however
// long it takes, and whoever waits is told.
func TestF57_AFrozenMigration(t *testing.T) {
	address := freshDatabase(t)
	holder := exec.CommandContext(t.Context(), os.Args[0])
	holder.Env = append(os.Environ(), holdsSchema+"="+address)
	out, err := holder.StdoutPipe()
	must(t, err)
	must(t, holder.Start())
	lines := bufio.NewScanner(out)
	same(t, lines.Scan() && lines.Text() == "held", true)

	err = vault.HoldSchema(t.Context(), address, func(context.Context) error { return nil })
	var told interface{ SQLState() string }
	if same(t, errors.As(err, &told), true); told.SQLState() != "55P03" {
		t.Errorf("whoever waits is told %v", err)
	}
	must(t, holder.Process.Signal(syscall.SIGSTOP))
	began := time.Now()
	v, err := vault.OpenPostgres(t.Context(), address, master, vault.Options{})
	must(t, err)
	must(t, v.Close())
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the turn of a frozen process took %v", took)
	}
	must(t, holder.Process.Signal(syscall.SIGCONT))
	same(t, lines.Scan(), true)
	t.Log(lines.Text())
	_ = holder.Wait() // it exits with 3
	same(t, holder.ProcessState.ExitCode(), 3)
}
