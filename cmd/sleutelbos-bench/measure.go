package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"syscall"
	"time"
)

// times are how long things took, sorted.
type times []time.Duration

func (t times) at(percent float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	slices.Sort(t)
	return t[min(len(t)-1, int(float64(len(t))*percent/100))].Round(10 * time.Microsecond)
}

// exactly is at for what takes less than at rounds to.
func (t times) exactly(percent float64) time.Duration {
	slices.Sort(t)
	return t[min(len(t)-1, int(float64(len(t))*percent/100))].Round(time.Microsecond)
}

// hammer runs work on a number of clients for a while, and returns how often a second and
// how long each took.
func hammer(ctx context.Context, clients int, seconds float64, work func(ctx context.Context, client, n int) error) (rate float64, took times, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds*float64(time.Second)))
	defer cancel()
	type result struct {
		took times
		err  error
	}
	results := make(chan result, clients)
	begin := time.Now()
	for client := range clients {
		go func() {
			var r result
			for n := 0; ctx.Err() == nil && r.err == nil; n++ {
				at := time.Now()
				r.err = work(context.WithoutCancel(ctx), client, n)
				r.took = append(r.took, time.Since(at))
			}
			results <- r
		}()
	}
	for range clients {
		r := <-results
		took, err = append(took, r.took...), errors.Join(err, r.err)
	}
	return float64(len(took)) / time.Since(begin).Seconds(), took, err
}

// fsyncs returns how many durable writes of 512 bytes a second the disk makes.
func fsyncs(dir string) (float64, error) {
	f, err := os.CreateTemp(dir, "fsync-*")
	if err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // in a temporary folder
	defer f.Close()
	block := make([]byte, 512)
	if _, err := f.Write(make([]byte, 8<<20)); err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	begin, n := time.Now(), int64(0)
	for ; time.Since(begin) < time.Second; n++ {
		if _, err := f.WriteAt(block, n*512%(8<<20)); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
		if err := datasync(f); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
	}
	return float64(n) / time.Since(begin).Seconds(), nil
}

// datasync makes a file's data durable, without its times.
func datasync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }

// ratio shows a part of a whole.
func ratio(part, whole float64) string { return fmt.Sprintf("%.2f", part/whole) }

// each returns what one of them had of what all of them had together.
func (t times) each(all time.Duration) time.Duration {
	return (all / time.Duration(max(len(t), 1))).Round(time.Microsecond)
}

// processor returns how much time of a processor this process has had, clients and server. Unlike
// a rate it differs little when others use the machine.
func processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// share is each for what is counted.
func (t times) share(all uint64) uint64 { return all / uint64(max(len(t), 1)) }

// allocations returns how often this process has taken memory from the heap, clients and server.
// It differs hardly from one run to the next.
func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// profiled begins to write a CPU profile to a file, if one is named, until stop is called.
func profiled(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("write a profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("write a profile: %w", err), f.Close())
	}
	return func() error { pprof.StopCPUProfile(); return f.Close() }, nil
}
