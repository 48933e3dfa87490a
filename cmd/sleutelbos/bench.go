package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"text/tabwriter"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// benchCommand measures the program against what this machine can do at its best, in one
// run, since machines differ and are noisy: only the ratios mean something.
type benchCommand struct {
	Accounts int      `help:"Accounts in the store for lists, replay and rebuilds." default:"100000"`
	Seconds  float64  `help:"How long each rate is measured." default:"4"`
	Postgres bool     `help:"Measure on a temporary PostgreSQL, too (its programs must be installed)."`
	Profile  string   `help:"Write a CPU profile of the measured parts to this file." placeholder:"FILE" type:"path"`
	Only     []string `help:"Only these parts: create, visible, list, history, replay, rebuild." enum:"create,visible,list,history,replay,rebuild"`
}

// Run measures and prints a table an engine.
func (c *benchCommand) Run(p *program) error {
	if c.Profile != "" {
		f, err := os.Create(c.Profile)
		if err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	if err := c.engine(p, "embedded log, SQLite", ""); err != nil || !c.Postgres {
		return err
	}
	server, err := postgrestest.Start()
	if err != nil {
		return err
	}
	return errors.Join(c.engine(p, "embedded log, PostgreSQL", server.URL("postgres")), server.Close())
}

func (c *benchCommand) engine(p *program, name, database string) (err error) {
	dir, err := os.MkdirTemp("", "sleutelbos-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Fprintf(p.out, "%s\n", name)
	b, err := startBench(p.ctx, c, app.Places{Data: filepath.Join(dir, "data"), Database: database}, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	parts := []struct {
		name string
		run  func(context.Context) error
	}{
		{"create", b.create}, {"visible", b.visible}, {"list", b.list}, {"history", b.history}, {"replay", b.replay}, {"rebuild", b.rebuild},
	}
	for _, part := range parts {
		if len(c.Only) > 0 && !slices.Contains(c.Only, part.name) {
			continue
		}
		if err := part.run(p.ctx); err != nil {
			return fmt.Errorf("measure %s: %w", part.name, err)
		}
	}
	return b.table.Flush()
}

// bench is the whole program under measurement, in this process.
type bench struct {
	*benchCommand
	v      *app.App
	url    string
	bare   *bare
	table  *tabwriter.Writer
	cancel context.CancelFunc
	ended  chan error

	organization string
	filled       bool
}

const benchKey = "slb-bench-key-0123456789-0123456789-0123456789"

func startBench(ctx context.Context, c *benchCommand, settings app.Places, p *program) (*bench, error) {
	s := p.storesAt(settings)
	if err := s.Open(ctx, app.Writing); err != nil {
		return nil, err
	}
	v, err := app.New(ctx, app.Options{Stores: s, Parts: app.Everything, Version: version, Serving: app.Serving{
		HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "off", BootstrapAPIKey: benchKey, MailFrom: "bench@localhost", Language: "nl",
	}})
	if err != nil {
		return nil, err
	}
	b := &bench{benchCommand: c, v: v, url: v.PublicURL.String(), ended: make(chan error, 1)}
	b.table = tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b.cancel = cancel
	go func() { b.ended <- v.Run(running) }()
	if b.bare, err = newBare(ctx, settings); err != nil {
		return nil, errors.Join(err, b.stop())
	}
	b.organization, err = b.register(ctx)
	if err != nil {
		return nil, errors.Join(err, b.stop())
	}
	return b, nil
}

func (b *bench) stop() error {
	b.cancel()
	errs := []error{<-b.ended}
	if b.bare != nil {
		errs = append(errs, b.bare.close())
	}
	return errors.Join(append(errs, b.v.Close())...)
}

// line prints one figure.
func (b *bench) line(what, format string, args ...any) {
	fmt.Fprintf(b.table, "  %s\t%s\n", what, fmt.Sprintf(format, args...))
	_ = b.table.Flush() // the last one tells of an error
}

// times are how long things took, sorted.
type times []time.Duration

func (t times) at(percent float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	slices.Sort(t)
	return t[min(len(t)-1, int(float64(len(t))*percent/100))].Round(10 * time.Microsecond)
}

// hammer runs work on a number of clients for a while, and answers how often a second and
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

// fsyncs answers how many durable writes of 512 bytes a second the disk makes.
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

// ratio shows a part of a whole.
func ratio(part, whole float64) string { return fmt.Sprintf("%.2f", part/whole) }
