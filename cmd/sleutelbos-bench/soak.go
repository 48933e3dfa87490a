package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"text/tabwriter"
	"time"
)

// soakCommand keeps a program of its own under everything at once: people at work, readers
// who are slow, quick or suddenly gone, followers of the log, rebuilds, and attackers. It
// prints a line a minute, then how each kind of visitor fared and what made the log grow.
// It fails if an honest visitor was refused, if anything answered 500, or if memory,
// goroutines, files or the p99 of the honest still grew in the last third.
type soakCommand struct {
	Program  string  `help:"The sleutelbos program to try." required:"" type:"existingfile"`
	Minutes  float64 `help:"How long." default:"30"`
	Accounts int     `help:"Accounts to begin with." default:"5000"`
	Database string  `help:"PostgreSQL instead of SQLite." placeholder:"URL"`
}

// Run runs it all.
func (c *soakCommand) Run(p *program) (err error) {
	dir, err := os.MkdirTemp("", "sleutelbos-soak-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &soak{soakCommand: c, out: p.out, table: tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)}
	if s.served, err = startServed(p.ctx, c, dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.served.stop()) }()
	if err := s.prepare(p.ctx); err != nil {
		return err
	}
	visitors := slices.Concat(s.people(), s.readers(), s.followers(), s.attackers())
	if err := s.run(p.ctx, visitors); err != nil {
		return err
	}
	if err := s.tell(p.ctx, visitors); err != nil {
		return err
	}
	return s.verdict(visitors)
}

// soak is one run.
type soak struct {
	*soakCommand
	out    interface{ Write([]byte) (int, error) }
	table  *tabwriter.Writer
	served *served

	organization string
	accounts     []string // some, to read and to try
	user         string   // the attackers' own
	figures      []figure
}

// visitor is somebody who does the same again and again.
type visitor struct {
	name   string
	honest bool          // must never be refused, and is measured
	many   int           // of the kind
	pause  time.Duration // between two visits, on the average
	visit  func(ctx context.Context, n int) (status int, err error)

	mu       sync.Mutex
	took     times
	statuses map[int]int
	errs     map[string]int
}

// noted keeps what became of a visit.
func (v *visitor) noted(took time.Duration, status int, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.statuses == nil {
		v.statuses, v.errs = map[int]int{}, map[string]int{}
	}
	v.statuses[status]++
	if v.honest {
		v.took = append(v.took, took)
	}
	if err != nil && len(v.errs) < 5 {
		v.errs[err.Error()]++
	}
}

// since returns how long the visits after the first so many took.
func (v *visitor) since(first int) times {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.took[first:])
}

// run lets everybody in, and keeps a figure a minute.
func (s *soak) run(ctx context.Context, visitors []*visitor) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(s.Minutes*float64(time.Minute)))
	defer cancel()
	var running sync.WaitGroup
	for _, v := range visitors {
		for n := range v.many {
			running.Go(func() {
				random := rand.New(rand.NewPCG(uint64(n), uint64(len(v.name)))) //nolint:gosec // a think time is no secret
				for ctx.Err() == nil {
					begin := time.Now()
					status, err := v.visit(ctx, n)
					if ctx.Err() != nil {
						return // cut off by the end, not by the program
					}
					v.noted(time.Since(begin), status, err)
					wait(ctx, time.Duration(random.Int64N(int64(2*v.pause)+1)))
				}
			})
		}
	}
	err := s.watch(ctx, visitors)
	running.Wait()
	return err
}

// wait waits, but not beyond the end.
func wait(ctx context.Context, pause time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

// watch takes a figure thirty times in all, and prints it.
func (s *soak) watch(ctx context.Context, visitors []*visitor) error {
	tick := time.NewTicker(time.Duration(s.Minutes * float64(time.Minute) / 31))
	defer tick.Stop()
	fmt.Fprintln(s.table, "  after\thonest visits\tp50\tp99\tworst\theld\theap\tresident\tgoroutines\tfiles\tlog")
	seen := make(map[*visitor]int, len(visitors))
	begin := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		f, err := s.served.figure(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("read the metrics: %w", err)
		}
		var took times
		for _, v := range visitors {
			if v.honest {
				some := v.since(seen[v])
				seen[v] += len(some)
				took = append(took, some...)
			}
		}
		f.p50, f.p99, f.worst = took.at(50), took.at(99), took.at(100)
		s.figures = append(s.figures, f)
		fmt.Fprintf(s.table, "  %s\t%d\t%s\t%s\t%s\t%.0f MiB\t%.0f MiB\t%.0f MiB\t%.0f\t%.0f\t%.1f MiB\n", time.Since(begin).Round(time.Second), len(took),
			f.p50, f.p99, f.worst, f.held/(1<<20), f.heap/(1<<20), f.resident/(1<<20), f.goroutines, f.files, f.log/(1<<20))
		if err := s.table.Flush(); err != nil {
			return err
		}
	}
}

// verdict is an error for what must not be.
func (s *soak) verdict(visitors []*visitor) error {
	var errs []error
	for _, v := range visitors {
		for status, times := range v.statuses {
			switch {
			case status == 500:
				errs = append(errs, fmt.Errorf("%s: %d times 500", v.name, times))
			case v.honest && (status < 200 || status > 399):
				errs = append(errs, fmt.Errorf("%s was refused %d times with %d", v.name, times, status))
			}
		}
	}
	for _, measured := range []struct {
		name string
		of   func(figure) float64
	}{
		{"what the heap holds", func(f figure) float64 { return f.held }},
		{"the heap", func(f figure) float64 { return f.heap }},
		{"resident memory", func(f figure) float64 { return f.resident }},
		{"goroutines", func(f figure) float64 { return f.goroutines }},
		{"open files", func(f figure) float64 { return f.files }},
		{"the p99 of honest visits, in nanoseconds,", func(f figure) float64 { return float64(f.p99) }},
	} {
		third := len(s.figures) / 3
		if s.Minutes < 5 || third == 0 {
			continue // too short to tell: it is still filling its caches
		}
		second, last := middle(s.figures[third:2*third], measured.of), middle(s.figures[len(s.figures)-third:], measured.of)
		if last > 1.25*second {
			errs = append(errs, fmt.Errorf("%s grew from %.0f in the second third to %.0f in the last", measured.name, second, last))
		}
	}
	return errors.Join(errs...)
}

// middle is the median of what figures say of one thing.
func middle(figures []figure, of func(figure) float64) float64 {
	var all []float64
	for _, f := range figures {
		all = append(all, of(f))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
