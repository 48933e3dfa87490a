package persistent

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// TestF63_RefusedMessagesComeAgainInOrder: what a consumer refuses comes back in the order in which
// it was refused, however many answers arrive before anybody hands out again.
func TestF63_RefusedMessagesComeAgainInOrder(t *testing.T) {
	d := &desk{settings: Settings{MaxRetries: 10}, now: time.Now, wake: make(chan struct{}, 1)}
	c, err := d.connect(Consumer{Buffer: 10})
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]uuid.UUID, 6)
	for i := range ids {
		ids[i] = uuid.UUID{15: byte(i + 1)}
		m := &message{at: int64(i), event: eventstore.Recorded{Event: eventstore.Event{ID: ids[i]}, Revision: int64(i)}}
		d.source.open = append(d.source.open, m)
		d.ready = append(d.ready, m)
	}
	d.dispatch()
	received := func() (all []int64) {
		for m, ok := c.pop(); ok; m, ok = c.pop() {
			all = append(all, m.Event.Revision)
		}
		return all
	}
	if got := received(); len(got) != 6 {
		t.Fatalf("got %v", got)
	}
	c.Nack(Retry, "", ids[4])
	c.Nack(Retry, "", ids[1], ids[0])
	c.Ack(ids[2])
	c.Nack(Retry, "", ids[3])
	d.dispatch() // the group's goroutine comes late
	if got := received(); !slices.Equal(got, []int64{4, 1, 0, 3}) {
		t.Errorf("they come again as %v", got)
	}
}
