package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/limits"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// allCommand measures the program against what this machine can do at its best, in one
// run, since machines differ and are noisy: only the ratios mean something.
type allCommand struct {
	Accounts int      `help:"Accounts in the store for lists, replay and rebuilds." default:"100000"`
	Seconds  float64  `help:"How long each rate is measured." default:"4"`
	Postgres bool     `help:"Measure on a temporary PostgreSQL, too (its programs must be installed)."`
	Profile  string   `help:"Write a CPU profile of the measured parts to this file." placeholder:"FILE" type:"path"`
	Only     []string `help:"Only these parts: create, visible, list, history, replay, rebuild." enum:"create,visible,list,history,replay,rebuild"`
}

// Run measures and prints a table an engine.
func (c *allCommand) Run(p *program) error {
	stop, err := profiled(c.Profile)
	if err != nil {
		return err
	}
	return errors.Join(c.engines(p), stop())
}

func (c *allCommand) engines(p *program) error {
	if err := c.engine(p, "embedded log, SQLite", ""); err != nil || !c.Postgres {
		return err
	}
	server, err := postgrestest.Start()
	if err != nil {
		return err
	}
	return errors.Join(c.engine(p, "embedded log, PostgreSQL", server.URL("postgres")), server.Close())
}

func (c *allCommand) engine(p *program, name, database string) (err error) {
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
	*allCommand
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

func startBench(ctx context.Context, c *allCommand, places app.Places, p *program) (*bench, error) {
	s := &app.Stores{Places: places, Log: p.log, Now: time.Now}
	if err := s.Open(ctx, app.Writing); err != nil {
		return nil, err
	}
	v, err := app.New(ctx, app.Options{Stores: s, Parts: app.Everything, Version: "bench", Adjust: app.Adjust{Limits: limits.Matrix.WithoutRates}, Serving: app.Serving{
		HTTP: "127.0.0.1:0", Management: "127.0.0.1:0", Node: "off", BootstrapAPIKey: benchKey, MailFrom: "bench@localhost", Language: "nl",
	}})
	if err != nil {
		return nil, err
	}
	b := &bench{allCommand: c, v: v, url: v.PublicURL.String(), ended: make(chan error, 1)}
	b.table = tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b.cancel = cancel
	go func() { b.ended <- v.Run(running) }()
	if b.bare, err = newBare(ctx, places); err != nil {
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
