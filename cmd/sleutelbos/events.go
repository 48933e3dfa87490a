package main

import (
	"errors"
	"fmt"
	"os/user"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/operation"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/app"
	"sleutelbos/internal/limits"
)

type eventsCommand struct {
	Pass eventsPass `cmd:"" help:"Let every reader pass over one event that the program can't read. It stays in the log, and the history tells."`
}

type eventsPass struct {
	Position string `required:"" help:"Of the event, as whoever stopped at it names it." placeholder:"POSITION"`
	ID       string `required:"" name:"id" help:"Of the event." placeholder:"UUID"`
	Reason   string `required:"" help:"Why nobody needs it. It is shown in the history." placeholder:"TEXT"`
	By       string `help:"Who says so. Default: the user of this machine who runs the command." placeholder:"NAME"`
}

// Run records the pass. Whatever stands still at the event goes on by itself, at once or at the next
// start. A running serve has the embedded log for itself, so it must be asked instead.
func (c eventsPass) Run(p *program) (err error) {
	if err := p.hasData(); err != nil {
		return err
	}
	who := rights.System("operator")
	if who.Name, err = c.by(); err != nil {
		return err
	}
	s := p.storesAt(p.places)
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.OpenJournal(p.ctx, app.Writing); errors.Is(err, logfile.ErrInUse) {
		return fmt.Errorf("the program runs; send it the command PassOverEvent (POST /api/v1/commands/PassOverEvent) as a platform administrator, or stop it first: %w", err)
	} else if err != nil {
		return err
	}
	service, err := commands.New(commands.Options{
		Journal: s.Journal, Vault: s.Vault, Sessions: s.Vault.Sessions(), Limits: limits.New(limits.Standard(), s.Now), Now: s.Now, Log: s.Log,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.Close()) }()
	request := engine.Request{Actor: who, Origin: eventstore.Origin{Channel: "cli"}, Reason: c.Reason}
	done, err := service.Run(p.ctx, request, operation.PassOverEvent{Position: c.Position, EventID: c.ID, Reason: c.Reason})
	switch {
	case err != nil:
		return fmt.Errorf("pass over the event at position %s: %w", c.Position, err)
	case len(done.Events) == 0:
		fmt.Fprintln(p.out, "The event is passed over already; nothing was done.")
	default:
		fmt.Fprintf(p.out, "Every reader passes over the event %s at position %s. This is recorded at position %s.\n", c.ID, c.Position, done.Position)
	}
	return nil
}

// by returns who lets the event be passed over.
func (c eventsPass) by() (string, error) {
	if c.By != "" {
		return c.By, nil
	}
	u, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("say with --by who you are: %w", err)
	}
	return u.Username, nil
}
