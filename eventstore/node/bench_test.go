package node

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// benchEvent is of the size of a usual event of ours: 300 bytes of data, 50 of metadata.
func benchEvent() eventstore.Event {
	return eventstore.Event{
		ID: uuid.New(), Type: "account.details-changed.v1",
		Data: []byte(strings.Repeat("d", 300)), Metadata: []byte(strings.Repeat("m", 50)),
	}
}

// rawRate measures how many durable writes of 512 bytes a second this disk does at best:
// fdatasync of a preallocated file, for as long as given.
func rawRate(b *testing.B, dir string, d time.Duration) float64 {
	b.Helper()
	f, err := os.Create(filepath.Join(dir, "raw"))
	must(b, err)
	defer func() { must(b, f.Close()) }()
	_, err = f.Write(make([]byte, 16<<20))
	must(b, err)
	must(b, f.Sync())
	line := make([]byte, 512)
	n, start := 0, time.Now()
	for time.Since(start) < d {
		_, err := f.WriteAt(line, int64(n%(32<<10))*512)
		must(b, err)
		must(b, syscall.Fdatasync(int(f.Fd())))
		n++
	}
	return float64(n) / time.Since(start).Seconds()
}

// cpu returns the processor time of this process so far. Unlike the clock it does not depend on
// what else the machine does.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func reportCPU(b *testing.B, before time.Duration, count int) {
	b.Helper()
	b.ReportMetric(float64((cpu(b)-before).Nanoseconds())/1000/float64(count), "cpu-µs/event")
}

// BenchmarkAppend appends single events to a thousand streams that exist, and compares with the raw
// rate just before and after.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 64, 256} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			l := openWith(b, Options{Dir: b.TempDir()})
			streams := make([]string, 1000)
			for i := range streams {
				streams[i] = "account-" + uuid.NewString()
				add(b, l, streams[i], none, benchEvent())
			}
			raw := rawRate(b, b.TempDir(), 300*time.Millisecond)
			var next atomic.Int64
			took := make([][]time.Duration, writers)
			var wait sync.WaitGroup
			b.ResetTimer()
			before := cpu(b)
			for w := range writers {
				wait.Go(func() {
					for next.Add(1) <= int64(b.N) {
						start := time.Now()
						_, err := l.Append(b.Context(), streams[(int(next.Load())*31+w)%1000], any_, benchEvent())
						if err != nil {
							b.Error(err)
							return
						}
						took[w] = append(took[w], time.Since(start))
					}
				})
			}
			wait.Wait()
			b.StopTimer()
			reportCPU(b, before, b.N)
			all := slices.Sorted(slices.Values(slices.Concat(took...)))
			raw = (raw + rawRate(b, b.TempDir(), 300*time.Millisecond)) / 2
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "events/s")
			b.ReportMetric(rate/raw, "x-raw")
			b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// filled returns a log with n events in streams of 20, interleaved a hundred at a time.
func filled(b *testing.B, n int) (*Log, string) {
	b.Helper()
	dir := b.TempDir()
	l := openWith(b, Options{Dir: dir, TailEvents: 1})
	var wait sync.WaitGroup
	for i := 0; i < n; i += 2000 {
		names := make([]string, 100)
		for s := range names {
			names[s] = fmt.Sprintf("account-%08d-0000-4000-8000-000000000000", i/20+s)
		}
		for range 20 {
			for _, name := range names {
				wait.Add(1)
				l.AppendAsync(eventstore.Append{Stream: name, Expected: any_, Events: []eventstore.Event{benchEvent()}},
					func(_ eventstore.Receipt, err error) {
						if err != nil {
							b.Error(err)
						}
						wait.Done()
					})
			}
		}
		wait.Wait()
	}
	return l, dir
}

func BenchmarkRead(b *testing.B) {
	const n = 200_000
	l, dir := filled(b, n)
	b.Run("all", func(b *testing.B) {
		count, before := 0, cpu(b)
		for b.Loop() {
			l.memory.Blocks.Forget()
			for _, err := range l.Store().ReadAll(b.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
				must(b, err)
				count++
			}
		}
		reportCPU(b, before, count)
		b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "events/s")
	})
	b.Run("subscribe", func(b *testing.B) {
		count, before := 0, cpu(b)
		for b.Loop() {
			l.memory.Blocks.Forget()
			for d, err := range l.Store().Subscribe(b.Context(), eventstore.Position{}, eventstore.Filter{}) {
				must(b, err)
				if d.CaughtUp {
					break
				}
				count++
			}
		}
		reportCPU(b, before, count)
		b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "events/s")
	})
	b.Run("stream-of-20", func(b *testing.B) {
		var took []time.Duration
		before := cpu(b)
		for i := 0; b.Loop(); i++ {
			start := time.Now()
			p, err := l.ReadStream(b.Context(), fmt.Sprintf("account-%08d-0000-4000-8000-000000000000", i*7919%(n/20)), 0, eventstore.Forwards, 100)
			must(b, err)
			took = append(took, time.Since(start))
			if len(p.Events) != 20 {
				b.Fatal(len(p.Events))
			}
		}
		reportCPU(b, before, 20*len(took))
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	})
	b.Run("nothing-new", func(b *testing.B) {
		name := "account-00000001-0000-4000-8000-000000000000"
		for b.Loop() {
			_, err := l.ReadStream(b.Context(), name, 20, eventstore.Forwards, 100)
			must(b, err)
		}
	})
	b.Run("category", func(b *testing.B) {
		count, before := 0, cpu(b)
		for b.Loop() {
			for next, end := int64(0), false; !end; {
				p, err := l.ReadStream(b.Context(), "$ce-account", next, eventstore.Forwards, 500)
				must(b, err)
				next, end = p.Next, p.AtEnd
				count += len(p.Events)
			}
		}
		reportCPU(b, before, count)
		b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "events/s")
	})
	must(b, l.Close())
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			again, err := Open(b.Context(), Options{Dir: dir})
			must(b, err)
			b.StopTimer()
			must(b, again.Close())
			b.StartTimer()
		}
	})
}

// BenchmarkLive has a thousand subscribers at the head, and measures how fast all of them
// get what 16 writers append.
func BenchmarkLive(b *testing.B) {
	const subscribers = 1000
	l := openWith(b, Options{Dir: b.TempDir()})
	var wait sync.WaitGroup
	for range subscribers {
		wait.Go(func() {
			seen := 0
			for d, err := range l.Store().Subscribe(b.Context(), eventstore.Position{}, eventstore.Filter{}) {
				if err != nil {
					b.Error(err)
					return
				}
				if d.IsEvent {
					if seen++; seen == b.N {
						return
					}
				}
			}
		})
	}
	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	for range 16 {
		wait.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := l.Append(b.Context(), "account-"+uuid.NewString(), none, benchEvent()); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wait.Wait()
	b.ReportMetric(float64(b.N)*subscribers/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
