package main

import (
	"strings"
	"testing"
)

// TestBenchNode runs the measurements that take no second each; their figures are nobody's
// concern here.
func TestBenchNode(t *testing.T) {
	t.Parallel()
	code, out := commandLine(t, "bench", "node", "--events=400", "--seconds=0.05", "--subscribers=20", "--only=read,stream,live,open")
	if code != 0 {
		t.Fatal(out)
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
