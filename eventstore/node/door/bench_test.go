package door_test

import (
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"sleutelbos/eventstore"
)

// BenchmarkFollowAll measures how fast a subscriber catches up through the door.
func BenchmarkFollowAll(b *testing.B) {
	h := build(b)
	const n = 50_000
	for first := 0; first < n; first += 500 {
		events := make([]eventstore.Event, 500)
		for i := range events {
			events[i] = eventstore.Event{ID: uuid.New(), Type: "tested", Data: make([]byte, 300), Metadata: make([]byte, 50), Binary: true}
		}
		h.writeEvents("a-"+number(uint64(first%20)), events...)
	}
	for b.Loop() {
		call := h.follow(ofAll)
		for range n + 1 {
			if _, err := call.Recv(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkAppend64 measures appends of one event by 64 clients through the door.
func BenchmarkAppend64(b *testing.B) {
	h := build(b)
	var stream atomic.Uint64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		name := "a-" + number(stream.Add(1))
		for pb.Next() {
			call, err := h.streams.Append(b.Context())
			if err != nil {
				b.Error(err)
				return
			}
			event := propose(0)
			event.GetProposedMessage().Id = structured(uuid.New())
			event.GetProposedMessage().Data = make([]byte, 300)
			for _, m := range []*streams.AppendReq{options(name, anyState), event} {
				if err := call.Send(m); err != nil {
					b.Error(err)
					return
				}
			}
			if _, err := call.CloseAndRecv(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
}
