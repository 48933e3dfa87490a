package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
)

type reactorsCommand struct {
	List   reactorsList   `cmd:"" help:"How far each has come, and whether that is in this log."`
	Resume reactorsResume `cmd:"" help:"Say from where reactors go on that stopped because the log is another one."`
}

type reactorsList struct{}

// Run prints a line a reactor.
func (reactorsList) Run(p *program) error {
	return p.withStores(app.Reading, func(s *app.Stores) error {
		all, err := s.Rows.Reactors(p.ctx)
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(out, "NAME\tPOSITION\tOF THIS LOG")
		for _, reactor := range all {
			fits := "yes"
			err := reactor.Fits(p.ctx, s.Journal.Store)
			if stranger, ok := errors.AsType[*machinery.StrangerError](err); ok {
				fits, err = "NO: "+stranger.Why, nil
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s\t%s\t%s\n", reactor.Name, reactor.Told(), fits)
		}
		return out.Flush()
	})
}

type reactorsResume struct {
	Names []string `arg:"" optional:"" help:"Of reactors; none is all that stand in another log."`
	From  string   `required:"" help:"start: act on the whole log again; end: on what comes from now on; or the position of an event, behind which they go on." placeholder:"start|end|POSITION"`
}

// Run moves the checkpoints. A running serve goes on from there by itself.
func (c reactorsResume) Run(p *program) error {
	from, err := c.from()
	if err != nil {
		return err
	}
	return p.withStores(app.Reading, func(s *app.Stores) error {
		names, err := c.names(p, s)
		if err != nil {
			return err
		}
		if len(names) == 0 {
			fmt.Fprintln(p.out, "Every reactor stands in this log; nothing was done.")
		}
		for _, name := range names {
			at, err := machinery.Resume(p.ctx, s.Rows, s.Journal.Store, name, from, s.Now())
			if err != nil {
				return fmt.Errorf("resume %s: %w", name, err)
			}
			fmt.Fprintf(p.out, "%s goes on behind position %s\n", name, at)
		}
		return nil
	})
}

func (c reactorsResume) from() (eventstore.Position, error) {
	switch c.From {
	case "start":
		return eventstore.Position{}, nil
	case "end":
		return eventstore.End, nil
	}
	at, err := eventstore.ParsePosition(c.From)
	if err != nil {
		return at, fmt.Errorf("--from is start, end or the position of an event: %w", err)
	}
	return at, nil
}

// names returns the reactors that are meant.
func (c reactorsResume) names(p *program, s *app.Stores) ([]string, error) {
	if len(c.Names) > 0 {
		return c.Names, nil
	}
	all, err := s.Rows.Reactors(p.ctx)
	if err != nil {
		return nil, err
	}
	var strangers []string
	for _, reactor := range all {
		err := reactor.Fits(p.ctx, s.Journal.Store)
		if _, ok := errors.AsType[*machinery.StrangerError](err); ok {
			strangers, err = append(strangers, reactor.Name), nil
		}
		if err != nil {
			return nil, err
		}
	}
	return strangers, nil
}
