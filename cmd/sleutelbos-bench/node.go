package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
)

// nodeCommand measures the log against the disk and against a bare loop on the same
// engine, in one run, with the official client and the door in one process.
type nodeCommand struct {
	Events      int      `help:"Events in the log for reads and the start; 10 million take some minutes." default:"1000000"`
	Seconds     float64  `help:"How long each rate is measured." default:"3"`
	Subscribers int      `help:"Live subscribers." default:"1000"`
	Only        []string `help:"Only these parts: append, read, stream, live, open." enum:"append,read,stream,live,open"`
}

// Run measures and prints a table.
func (c *nodeCommand) Run(p *program) (err error) {
	dir, err := os.MkdirTemp("", "sleutelbos-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &nodeBench{nodeCommand: c, dir: dir, table: tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)}
	if err := b.open(p.ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	b.line("memory, empty", "%s", resident())
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"append", b.append}, {"", b.fill}, {"read", b.read}, {"stream", b.streams}, {"live", b.live}, {"open", b.reopen}} {
		if part.name != "" && len(c.Only) > 0 && !slices.Contains(c.Only, part.name) {
			continue
		}
		if err := part.run(p.ctx); err != nil {
			return fmt.Errorf("measure %s: %w", part.name, err)
		}
	}
	return b.table.Flush()
}

// nodeBench is a log with its door, and clients at the door.
type nodeBench struct {
	*nodeCommand
	dir     string
	log     *node.Log
	door    *door.Server
	served  chan error
	clients []*esdb.Client
	table   *tabwriter.Writer
}

// clientsAtTheDoor is how many connections the load is spread over.
const clientsAtTheDoor = 4

func (b *nodeBench) open(ctx context.Context) (err error) {
	if b.log, err = node.Open(ctx, node.Options{Dir: b.data()}); err != nil {
		return err
	}
	socket := filepath.Join(b.dir, "door")
	listener, err := door.Listen("unix:" + socket)
	if err != nil {
		return errors.Join(err, b.log.Close())
	}
	if b.door, err = door.New(ctx, b.log, door.Options{Listen: listener, Open: true}); err != nil {
		return errors.Join(err, listener.Close(), b.log.Close())
	}
	b.served = make(chan error, 1)
	go func() { b.served <- b.door.Serve(context.WithoutCancel(ctx)) }()
	for range clientsAtTheDoor {
		config, err := esdb.ParseConnectionString("esdb://localhost?tls=false")
		if err != nil {
			return errors.Join(err, b.close())
		}
		config.Address, config.Logger = "unix:"+socket, esdb.NoopLogging()
		client, err := esdb.NewClient(config)
		if err != nil {
			return errors.Join(err, b.close())
		}
		b.clients = append(b.clients, client)
	}
	return nil
}

func (b *nodeBench) close() error {
	var errs []error
	for _, c := range b.clients {
		errs = append(errs, c.Close())
	}
	b.door.Stop()
	errs = append(errs, <-b.served, b.log.Close())
	return errors.Join(errs...)
}

func (b *nodeBench) data() string { return filepath.Join(b.dir, "data") }

// line prints one figure.
func (b *nodeBench) line(what, format string, args ...any) {
	fmt.Fprintf(b.table, "  %s\t%s\n", what, fmt.Sprintf(format, args...))
	_ = b.table.Flush() // the last one tells of an error
}

// The events are of the size of most of ours.
var (
	benchData     = []byte(`"` + strings.Repeat("d", 298) + `"`)
	benchMetadata = []byte(`"` + strings.Repeat("m", 48) + `"`)
)

const (
	benchType      = "account.details_changed.v1"
	benchPerStream = 20
)

func benchEvent() eventstore.Event {
	return eventstore.Event{ID: uuid.New(), Type: benchType, Data: benchData, Metadata: benchMetadata}
}

// benchStream is the n-th account.
func benchStream(n int) string { return fmt.Sprintf("account-%08d-0000-4000-8000-000000000000", n) }

// fill appends events until there are as many as asked for: accounts of twenty events,
// two hundred accounts at a time.
func (b *nodeBench) fill(ctx context.Context) error {
	const together = 200
	begin := time.Now()
	for first := 0; first*benchPerStream < b.Events && ctx.Err() == nil; first += together {
		failed := make(chan error, together*benchPerStream)
		for range benchPerStream {
			for n := range together {
				b.log.AppendAsync(eventstore.Append{Stream: benchStream(first + n), Expected: eventstore.Any, Events: []eventstore.Event{benchEvent()}},
					func(_ eventstore.Receipt, err error) { failed <- err })
			}
		}
		for range together * benchPerStream {
			if err := <-failed; err != nil {
				return err
			}
		}
	}
	b.line("fill", "%d events, %.0f/s", b.Events, float64(b.Events)/time.Since(begin).Seconds())
	b.line("memory, filled", "%s", resident())
	return ctx.Err()
}

// reopen measures the start of the log as it is.
func (b *nodeBench) reopen(ctx context.Context) error {
	if err := b.log.Close(); err != nil {
		return err
	}
	var took times
	for range 10 {
		begin := time.Now()
		log, err := node.Open(ctx, node.Options{Dir: b.data()})
		if err != nil {
			return err
		}
		took = append(took, time.Since(begin))
		if err := log.Close(); err != nil {
			return err
		}
	}
	b.line("open", "%d events: p50 %s, slowest %s (aim: 50ms)", b.Events, took.at(50), took.at(100))
	return nil
}

// resident returns how much memory the process uses, after a garbage collection.
func resident() string {
	runtime.GC()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return "unknown" // not on this system
	}
	fields := strings.Fields(string(text))
	pages, err := strconv.Atoi(fields[1])
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%d MiB resident", pages*os.Getpagesize()>>20)
}
