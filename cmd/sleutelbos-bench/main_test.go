package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNode runs the measurements that take no second each; their figures are nobody's
// concern here.
func TestNode(t *testing.T) {
	t.Parallel()
	code, out, said := measured(t, "node", "--events=400", "--seconds=0.05", "--subscribers=20", "--only=read,stream,live,open")
	if code != 0 {
		t.Fatal(out, said)
	}
	for _, line := range []string{
		"fill", "bare scan", "read all, directly", "subscribe, directly", "read all, through the door", "subscribe, through the door",
		"20 events of an account, directly", "20 live subscribers, directly", "20 live subscribers, through the door", "open", "memory, all read",
	} {
		if !strings.Contains(out, "  "+line+"  ") {
			t.Errorf("no line %q in\n%s", line, out)
		}
	}
}

// TestF38_TheResultStandsAlone: what the measured program logs must not stand between the figures.
func TestF38_TheResultStandsAlone(t *testing.T) {
	t.Parallel()
	code, out, said := measured(t, "all", "--accounts=20", "--seconds=0.1", "--only=create,visible,replay")
	if code != 0 || said != "" {
		t.Fatalf("exit code %d, on standard error:\n%s", code, said)
	}
	title, table, _ := strings.Cut(out, "\n")
	if title != "embedded log, SQLite" {
		t.Errorf("the title is %q", title)
	}
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	for i, begin := range []string{
		"create account, 1 clients", "create account, 16 clients", "create until seen in the list", "20 accounts put into the log",
		"replay of the whole log, decoded",
	} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], "  "+begin) {
			t.Fatalf("line %d should be %q:\n%s", i+1, begin, out)
		}
	}
	if len(lines) != 5 {
		t.Errorf("there are %d lines:\n%s", len(lines), out)
	}
}

// TestSoak lets everybody in for some seconds: each kind of visitor gets its line, and those
// who do their work are not refused.
func TestSoak(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "sleutelbos")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../sleutelbos").CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	code, out, said := measured(t, "soak", "--program="+program, "--minutes=0.1", "--accounts=20")
	if code != 0 {
		t.Fatalf("exit code %d: %s\n%s", code, said, out)
	}
	for _, line := range []string{
		"administrator creates, looks, blocks", "officer reads lists", "officer reads a history", "holder signs in and looks", "slow download",
		"replay read slowly", "follower by SSE", "follower at the door", "attack: refused reads", "attack: groups at the door", "account.created.v1",
	} {
		if !strings.Contains(out, "  "+line+" ") {
			t.Errorf("no line %q in\n%s", line, out)
		}
	}
}

// measured runs the command line in this process.
func measured(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = execute(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}
