package main

import (
	"bytes"
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

// TestTheResultStandsAlone: what the measured program logs must not stand between the figures.
func TestTheResultStandsAlone(t *testing.T) {
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

// measured runs the command line in this process.
func measured(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = execute(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}
