package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/app"
)

type copyVaultCommand struct {
	To string `required:"" help:"The PostgreSQL database to copy to: postgres://…" placeholder:"URL"`
}

// Run copies the vault of the data folder into an empty one in PostgreSQL, under the same
// master key. serve must be stopped: what it would write meanwhile were lost.
func (c *copyVaultCommand) Run(p *program) (err error) {
	if !strings.HasPrefix(c.To, "postgres://") && !strings.HasPrefix(c.To, "postgresql://") {
		return errors.New("--to must be a postgres:// address")
	}
	if p.places.Database != "" {
		return errors.New("the vault is in PostgreSQL already; leave --database out to copy the one in the data folder")
	}
	if _, err := os.Stat(filepath.Join(p.places.Data, memberVault)); err != nil {
		return fmt.Errorf("there is no vault in %s: %w", p.places.Data, err)
	}
	from := p.storesAt(p.places)
	defer func() { err = errors.Join(err, from.Close()) }()
	if _, err := os.Stat(filepath.Join(p.places.Data, memberLog)); err == nil && p.places.EventStore == "" {
		if _, err := from.OpenLog(p.ctx, app.Writing); err != nil { // held until the end, so that no serve starts
			return err
		}
	}
	if err := from.OpenVault(p.ctx); err != nil {
		return err
	}
	master, err := from.MasterKey()
	if err != nil {
		return err
	}
	to, err := vault.OpenPostgres(p.ctx, c.To, master, vault.Options{Log: p.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	rows, err := from.Vault.CopyTo(p.ctx, to)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d rows were copied. Both vaults open with the same master key; remove the old one when the new one has proved itself.\n", rows)
	return nil
}
