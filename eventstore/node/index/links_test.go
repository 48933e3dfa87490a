package index

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

func TestPack(t *testing.T) {
	want := []logfile.Place{1, 2, 3, 500, 1 << 40, math.MaxInt64}
	packed := pack(want)
	got, err := unpack(packed, int64(len(want)))
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	for name, c := range map[string]struct {
		packed []byte
		n      int64
	}{"none": {packed, 0}, "more than bytes": {packed, int64(len(packed)) + 1}, "cut short": {packed[:len(packed)-1], int64(len(want))}} {
		if _, err := unpack(c.packed, c.n); !errors.Is(err, logfile.ErrCorrupt) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLinkTo(t *testing.T) {
	target := eventstore.Recorded{Event: eventstore.Event{ID: uuid.New()}, Stream: "a@1-x", Revision: 12}
	link := LinkTo(&target, "$ce-a@1", 4, 3)
	if revision, stream, ok := ParseLink(&link); revision != 12 || stream != "a@1-x" || !ok {
		t.Errorf("it leads to %d of %s: %v", revision, stream, ok)
	}
	other := LinkTo(&target, "$et-x", 5, 3)
	if link.ID == target.ID || link.ID == other.ID || link.ID != LinkTo(&target, "$ce-a@1", 4, 3).ID {
		t.Errorf("the ids %s, %s and %s", target.ID, link.ID, other.ID)
	}
	for _, data := range []string{"", "12", "@a", "x@a", "-1@a", "12@"} {
		e := eventstore.Recorded{Event: eventstore.Event{Type: TypeLink, Data: []byte(data)}}
		if _, _, ok := ParseLink(&e); ok {
			t.Errorf("%q is no link", data)
		}
	}
}
