package eventstore_test

import (
	"fmt"
	"syscall"
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/keystest"
)

// The events of the benchmarks are those of 500 accounts, with three sealed members.
func benchmarkLog(b *testing.B) (eventstore.Journal, []eventstore.Recorded) {
	b.Helper()
	j := eventstore.Journal{Registry: newRegistry(), Keys: keystest.New()}
	var log []eventstore.Recorded
	for i := range 500 {
		stream := fmt.Sprintf("account-%08d-0000-7000-8000-000000000000", i)
		records, _, err := j.Prepare(b.Context(), stream, eventstore.Tail{}, envelope(),
			eventstore.Draft{ID: id(1), Event: opened}, eventstore.Draft{ID: id(2), Event: opened})
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range records {
			log = append(log, r.Recorded)
		}
	}
	return j, log
}

// perEvent runs a benchmark and reports the processor's time as well, which says more than
// the clock where others use the machine.
func perEvent(b *testing.B, do func(i int) error) {
	b.Helper()
	b.ReportAllocs()
	before := processorTime(b)
	for i := 0; b.Loop(); i++ {
		if err := do(i); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
}

func processorTime(b *testing.B) int64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

// BenchmarkDecode is what a replay pays for one event.
func BenchmarkDecode(b *testing.B) {
	j, log := benchmarkLog(b)
	b.Run("opened", func(b *testing.B) {
		perEvent(b, func(i int) error {
			_, _, err := j.Registry.Decode(b.Context(), j.Keys, log[i%len(log)])
			return err
		})
	})
	b.Run("sealed", func(b *testing.B) {
		perEvent(b, func(i int) error {
			_, _, err := j.Registry.DecodeSealed(log[i%len(log)])
			return err
		})
	})
}

// BenchmarkFollow is what checking the chain costs for one event.
func BenchmarkFollow(b *testing.B) {
	_, log := benchmarkLog(b)
	var tail eventstore.Tail
	perEvent(b, func(i int) (err error) {
		if i%2 == 0 {
			tail = eventstore.Tail{}
		}
		tail, err = tail.Follow(log[i%len(log)])
		return err
	})
}

// BenchmarkPrepare is what writing one event costs before the store sees it.
func BenchmarkPrepare(b *testing.B) {
	j, _ := benchmarkLog(b)
	perEvent(b, func(int) error {
		_, _, err := j.Prepare(b.Context(), "account-1", eventstore.Tail{}, envelope(), eventstore.Draft{ID: id(1), Event: opened})
		return err
	})
}
