package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"sleutelbos/eventstore/node/door/npmtest"
)

// consumer is one of those in docs/subscribing, as a process.
type consumer struct {
	name    string
	command func(out, checkpoint string) *exec.Cmd
	lines   func(text string) ([]string, error) // "position type stream"
	dir     string
	running *exec.Cmd
}

func (c *consumer) out() string { return filepath.Join(c.dir, "out") }

func (c *consumer) start(t *testing.T) {
	t.Helper()
	c.running = c.command(c.out(), filepath.Join(c.dir, "checkpoint"))
	c.running.Env = append(os.Environ(), "SLEUTELBOS_API_KEY="+bootKey)
	c.running.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a script has children
	must(t, c.running.Start())
}

// kill ends it as a power cut does.
func (c *consumer) kill() {
	if c.running != nil {
		_ = syscall.Kill(-c.running.Process.Pid, syscall.SIGKILL) // it may have ended already
		_ = c.running.Wait()                                      // the signal is its error
		c.running = nil
	}
}

// seen returns what it wrote. After a kill between the work and the checkpoint the last
// event comes again; nothing else is forgiven.
func (c *consumer) seen() ([]string, error) {
	text, err := os.ReadFile(c.out())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lines, err := c.lines(string(text))
	return slices.Compact(lines), err
}

// TestConsumers runs the consumers of the documentation against the service. They and it
// are killed in turn; each consumer sees every event of an account, in order.
func TestConsumers(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil && os.Getenv("CI") == "" {
		t.Skip("curl is not installed")
	}
	docs, err := filepath.Abs(filepath.Join("..", "..", "docs", "subscribing"))
	must(t, err)
	folder := npmtest.Prepare(t, filepath.Join(docs, "node"))
	program := filepath.Join(t.TempDir(), "consumer")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, filepath.Join(docs, "go")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	web, node := freeAddress(t), freeAddress(t)
	connection := "esdb://" + node + "?tls=false"
	consumers := []*consumer{
		{name: "Go", lines: plainLines, command: func(out, checkpoint string) *exec.Cmd {
			return exec.Command(program, connection, out, checkpoint)
		}},
		{name: "Node", lines: plainLines, command: func(out, checkpoint string) *exec.Cmd {
			return exec.Command("node", filepath.Join(folder, "consumer.mjs"), connection, out, checkpoint)
		}},
		{name: "curl", lines: cloudLines, command: func(out, checkpoint string) *exec.Cmd {
			return exec.Command(filepath.Join(docs, "curl", "consumer.sh"), "http://"+web, out, checkpoint)
		}},
	}
	data := t.TempDir()
	serveAgain := func() *child { return spawn(t, data, "--http="+web, "--node="+node) }
	service := serveAgain()
	organization := prepareLoad(t, service.base)
	for _, c := range consumers {
		c.dir = t.TempDir()
		c.start(t)
		t.Cleanup(c.kill)
	}
	created := 0
	act := func() {
		t.Helper()
		for range 4 {
			_, err := (&client{base: service.base, key: bootKey}).command(t.Context(), "CreateAccount", newAccount(organization, 7, created))
			must(t, err)
			created++
		}
	}
	// caughtUp waits until each running consumer has seen everything.
	caughtUp := func() {
		t.Helper()
		settled(t, service)
		var want []string
		for _, e := range readLog(t, data) {
			if strings.HasPrefix(e.Type, "account.") {
				want = append(want, fmt.Sprintf("%s %s %s", e.Position, e.Type, e.Stream))
			}
		}
		for _, c := range consumers {
			if c.running == nil {
				continue
			}
			eventually(t, time.Minute, func() error {
				got, err := c.seen()
				if err == nil && !slices.Equal(got, want) {
					err = fmt.Errorf("%s saw %d events of %d:\n%s", c.name, len(got), len(want), strings.Join(got, "\n"))
				}
				return err
			})
		}
	}

	caughtUp()
	for _, c := range consumers {
		c.kill()
		act() // while one of them is away
		caughtUp()
		c.start(t)
	}
	caughtUp()
	act()
	service.kill()
	for _, c := range consumers {
		c.kill()
		c.start(t) // while there is nobody to ask
	}
	service = serveAgain()
	act()
	caughtUp()
	service.kill()
	service = serveAgain()
	act()
	caughtUp()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

func plainLines(text string) ([]string, error) {
	return strings.Split(strings.TrimSpace(text), "\n"), nil
}

func cloudLines(text string) ([]string, error) {
	var lines []string
	for line := range strings.Lines(text) {
		var e struct{ Position, Type, Subject string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, err
		}
		lines = append(lines, e.Position+" "+e.Type+" "+e.Subject)
	}
	return lines, nil
}
