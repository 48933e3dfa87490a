package npmtest_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore/node/door/npmtest"
)

// differs are the operations to which the door may answer otherwise than the server that was recorded
// (23.10.6), and why.
var differs = map[string]string{
	"all filter":              "$all holds what a server writes for itself, and the metadata of a delete stand before what follows it",
	"all invalid position":    "every position up to the end of this log is an event's: it counts events, and not bytes",
	"sub all invalid pos":     "as above",
	"projection list":         "there is no service of projections, and each version words that otherwise",
	"sub missing then append": "from 24.10 on, a subscription is caught up at a stream that is not there",
	"sub soft deleted":        "from 24.10 on, as above",
}

// TestF76_AnswersAsRecorded asks the door what a real EventStoreDB was asked, by the same client.
func TestF76_AnswersAsRecorded(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("recorded.json")
	if err != nil {
		t.Fatal(err)
	}
	recorded := answersOf(t, text)
	got := answersOf(t, []byte(npmtest.Run(t, npmtest.Prepare(t, "."), "recorded.mjs", "esdb://"+openDoor(t)+"?tls=false")))
	for name := range differs {
		if _, ok := recorded[name]; !ok {
			t.Errorf("%s is not recorded", name)
		}
		delete(recorded, name)
		delete(got, name)
	}
	if diff := cmp.Diff(recorded, got); diff != "" {
		t.Errorf("the door answers otherwise (-recorded +door):\n%s", diff)
	}
}

// answersOf reads answers, but for the positions in them.
func answersOf(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	for _, answer := range all {
		if fields, ok := answer.(map[string]any); ok {
			delete(fields, "metastreamRevision") // the client reports a position for it
		}
	}
	return all
}
