package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/demo"
)

type demoCommand struct {
	app.Serving
	Keep bool `help:"Leave the temporary folder behind at the end."`
}

// Run serves a fresh temporary folder with five organizations, and prints who can sign in.
func (c *demoCommand) Run(p *program) (err error) {
	dir, err := os.MkdirTemp("", "sleutelbos-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	if !c.Keep {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	p.places.Data, p.places.EventStore, p.places.Database = dir, "", ""
	fmt.Fprintln(p.out, "Three months go by …")
	if err := demo.Fill(p.ctx, p.places, c.Serving, p.log, time.Now()); err != nil {
		return err
	}
	return p.serve(c.Serving, func(v *app.App) error {
		fmt.Fprintf(p.out, "\nSleutelbos demo on %s  (data in %s)\n\nWho can sign in, all with the password %s\n", v.PublicURL, dir, demo.Password)
		for _, who := range demo.People() {
			fmt.Fprintf(p.out, "  %-34s %s\n", who.Username, who.What)
		}
		fmt.Fprintf(p.out, "\nMails are shown under Beheer → Outbox. Press Ctrl-C to stop; the data goes with it.\n")
		return nil
	})
}
