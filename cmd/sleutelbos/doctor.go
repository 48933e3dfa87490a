package main

import (
	"fmt"
	"slices"

	"sleutelbos/eventstore/audit"
	"sleutelbos/internal/app"
	"sleutelbos/internal/doctor"
)

type doctorCommand struct {
	Accept bool `help:"Take the log as it is: what is missing of it is given up, and no longer told."`
}

// Run prints everything that does not fit, and what to do about it; then the exit code is 1. It
// changes nothing, unless the log is accepted.
func (c doctorCommand) Run(p *program) error {
	return p.withStores(app.Reading, func(s *app.Stores) error {
		keys, err := audit.PublicKeys(p.places.Data)
		if err != nil {
			return err
		}
		house := s.House(keys)
		if c.Accept {
			if err := house.Mark(p.ctx); err != nil {
				return err
			}
			fmt.Fprintln(p.out, "The vault is tied to this log as it is now.")
		}
		found, err := house.Look(p.ctx)
		if err != nil {
			return err
		}
		lost, unread, err := doctor.Opens(p.ctx, s.Journal, func(events int64) { fmt.Fprintf(p.out, "\ropened %d events", events) })
		if err != nil {
			return err
		}
		return p.tell(slices.Concat(found, lost, unread))
	})
}

// tell prints what was found.
func (p *program) tell(found []doctor.Finding) error {
	if len(found) == 0 {
		fmt.Fprintln(p.out, "\rLog, vault, read models and seals belong together, and the vault opens all of the log.")
		return nil
	}
	for _, f := range found {
		fmt.Fprintf(p.out, "\r%s: %s\n  %s\n", f.Code, f.What, f.Do)
	}
	return errSaid
}
