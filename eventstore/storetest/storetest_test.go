package storetest

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"sleutelbos/eventstore"
)

const faultVariable = "SLEUTELBOS_STORETEST_FAULT"

func TestMemory(t *testing.T) {
	Run(t, func(*testing.T) eventstore.Store { return newMemory(os.Getenv(faultVariable)) })
}

// The log may be full of what others wrote.
func TestSharedMemory(t *testing.T) {
	m := newMemory("")
	Run(t, func(*testing.T) eventstore.Store { return m })
}

// A suite that cannot fail proves nothing: each fault must be found by the sentence that
// it breaks.
func TestTheSuiteBites(t *testing.T) {
	if os.Getenv(faultVariable) != "" {
		return // the child runs TestMemory only
	}
	for fault, sentence := range map[string]string{
		"actual":          "what an appender may believe of a stream of three",
		"half":            "a refused append leaves nothing",
		"any size":        "an append may be large, but not too large",
		"double":          "the same events again answer the first receipt",
		"first id":        "other events at the same place are a conflict",
		"tidy JSON":       "payloads are kept byte by byte",
		"late check":      "of those who append at one revision, exactly one wins",
		"page":            "a long stream is read whole",
		"inclusive":       "from every position, that one excluded, in both directions",
		"nearly":          "an event is found at its position, and none beyond the end",
		"case":            "prefixes are no patterns, and case counts",
		"system":          "no system events are shown",
		"hole":            "a reader never sees a position that is followed later by a lower one",
		"early":           "from before the first: everything, caught up once, then live",
		"caught up again": "from every position, that one excluded",
		"missed":          "a slow subscriber loses nothing",
		"no news":         "a slow subscriber loses nothing",
		"no checkpoints":  "a filtered one moves on over what it does not see",
		"cancel":          "what begins with a context that has ended is an error",
		"quiet cancel":    "a canceled read is an error, not an end",
		"quiet end":       "a canceled subscription ends with an error, also while nothing comes",
		"leak":            "who stops early leaves nothing running",
		"no limit":        "behind counts what lies after a position, up to the limit",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			sentence := strings.ReplaceAll(sentence, " ", "_")
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMemory$/.*/^"+sentence+"$", "-test.v", "-test.timeout=5s")
			cmd.Env = append(os.Environ(), faultVariable+"="+fault)
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestMemory") {
				t.Errorf("not found (%v):\n%s", err, out)
			}
		})
	}
}
