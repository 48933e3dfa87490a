package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/app"
)

type copyLogCommand struct {
	To string `required:"" help:"Where to: esdb://…, esdb+discover://…, or the data folder of another embedded log." placeholder:"URL|FOLDER"`
}

// Run copies the log to another event store, or goes on where it was stopped, and verifies
// the copy. Beside a running serve it copies what is there; with serve stopped, the rest.
func (c *copyLogCommand) Run(p *program) (err error) {
	from := p.storesAt(p.places)
	defer func() { err = errors.Join(err, from.Close()) }()
	source, alone, err := openSource(p.ctx, from)
	if err != nil {
		return err
	}
	to := p.storesAt(app.Places{Data: c.To})
	defer func() { err = errors.Join(err, to.Close()) }()
	target, err := c.open(p, to)
	if err != nil {
		return err
	}
	copying := &logCopy{source: source, target: target, said: p.lines()}
	if from.Node != nil { // EventStoreDB would have to read everything to know
		if copying.total, err = source.Behind(p.ctx, eventstore.Position{}, math.MaxInt64); err != nil {
			return fmt.Errorf("count the events: %w", err)
		}
	}
	if err := copying.run(p.ctx); err != nil {
		return fmt.Errorf("%w\nIt was not finished: the same command goes on from there", err)
	}
	fmt.Fprintf(p.out, "\r%d events were there, %d were copied.                    \n", copying.there, copying.made)
	grown, err := copying.compare(p.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\rEvery event of the copy is the same, in the same order: %d in %d streams.\n", copying.compared, copying.streams)
	if err := p.verifyCopy(target, alone); err != nil {
		return err
	}
	if grown || !alone {
		fmt.Fprintln(p.out, "Somebody may still write to the old log: stop every serve, and run this once more for the rest.")
	}
	return nil
}

// openSource opens the log that the settings name. alone says that nobody else can write to
// it meanwhile, as far as this machine can tell.
func openSource(ctx context.Context, s *app.Stores) (source eventstore.Store, alone bool, err error) {
	if s.Places.EventStore != "" {
		source, err = s.OpenLog(ctx, app.Reading)
		return source, true, err
	}
	if _, err := os.Stat(filepath.Join(s.Places.Data, memberLog)); err != nil {
		return nil, false, fmt.Errorf("there is no event log in %s: %w", s.Places.Data, err)
	}
	if source, err = s.OpenLog(ctx, app.Writing); !errors.Is(err, logfile.ErrInUse) {
		return source, true, err
	}
	source, err = s.OpenLog(ctx, app.Reading)
	return source, false, err
}

func (c *copyLogCommand) open(p *program, to *app.Stores) (eventstore.Store, error) {
	if strings.Contains(c.To, "://") {
		if c.To == p.places.EventStore {
			return nil, errors.New("the log can't be copied to itself")
		}
		to.Places = app.Places{EventStore: c.To}
		store, err := to.OpenLog(p.ctx, app.Writing)
		if err != nil {
			return nil, fmt.Errorf("the log to copy to: %w", err)
		}
		return store, nil
	}
	if p.places.EventStore == "" {
		a, errA := os.Stat(p.places.Data)
		b, errB := os.Stat(c.To)
		if errA == nil && errB == nil && os.SameFile(a, b) {
			return nil, errors.New("the log can't be copied to itself")
		}
	}
	return to.OpenLog(p.ctx, app.Writing)
}

// verifyCopy checks chains and seals. What the source keeps outside its log counts only if
// the copy can have all of it.
func (p *program) verifyCopy(target eventstore.Store, alone bool) error {
	keys, err := audit.PublicKeys(p.places.Data)
	if err != nil {
		return err
	}
	o := audit.Options{Keys: keys, Registry: catalog.New()}
	if alone {
		o.Dir = p.places.Data
	}
	report, err := audit.Verify(p.ctx, target, o)
	if err != nil {
		return err
	}
	for _, problem := range report.Problems {
		fmt.Fprintln(p.out, "BROKEN:", problem)
	}
	if !report.OK() {
		return errSaid
	}
	fmt.Fprintf(p.out, "The chains of all %d streams hold, and %d checkpoints, %d of them kept outside the log.\n", report.Streams, report.Seals, report.Outside)
	return nil
}

// lines returns a function that says how far something is: on one line, which it replaces,
// and at most five times a second.
func (p *program) lines() func(format string, values ...any) {
	last := time.Time{}
	return func(format string, values ...any) {
		if time.Since(last) >= 200*time.Millisecond {
			last = time.Now()
			fmt.Fprintf(p.out, "\r"+format+"   ", values...)
		}
	}
}
