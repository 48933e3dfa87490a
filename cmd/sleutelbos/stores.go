package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/esdb"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/vault"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/feed"
	"sleutelbos/projections/machinery/rows/postgres"
	"sleutelbos/projections/machinery/rows/sqlite"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

// rowsDB is a rows engine that can be closed.
type rowsDB interface {
	machinery.DB
	Close() error
}

// stores are everything durable: the log, the vault and the read models.
type stores struct {
	settings Stores
	log      *slog.Logger
	now      func() time.Time

	node    *node.Log // nil with EventStoreDB
	vault   *vault.Vault
	rows    rowsDB
	journal eventstore.Journal
	closers []func() error // in the order of opening
}

// access says what a program does with the embedded event log.
type access bool

// The ways to open the embedded log: one process writes, others may read beside it.
const (
	reading access = false
	writing access = true
)

// openStores opens what the settings name, and makes what is not there yet.
func openStores(ctx context.Context, settings Stores, a access, log *slog.Logger, now func() time.Time) (*stores, error) {
	s := &stores{settings: settings, log: log, now: now}
	if err := s.open(ctx, a); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *stores) open(ctx context.Context, a access) error {
	if err := os.MkdirAll(s.settings.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	store, err := s.openLog(ctx, a)
	if err != nil {
		return err
	}
	if err := s.openVault(ctx); err != nil {
		return err
	}
	s.closers = append(s.closers, s.vault.Close)
	if err := s.openRows(ctx); err != nil {
		return err
	}
	s.closers = append(s.closers, s.rows.Close)
	s.journal = eventstore.Journal{Store: store, Registry: catalog.New(), Keys: s.vault}
	return nil
}

func (s *stores) openLog(ctx context.Context, a access) (eventstore.Store, error) {
	if s.settings.EventStore != "" {
		store, err := esdb.Open(ctx, s.settings.EventStore, esdb.Options{Logger: s.log})
		if err != nil {
			return nil, fmt.Errorf("open the event store: %w", err)
		}
		s.closers = append(s.closers, store.Close)
		return store, nil
	}
	open := node.OpenReadOnly
	if a == writing {
		open = node.Open
	}
	log, err := open(ctx, node.Options{Dir: s.settings.Data, Now: s.now})
	if err != nil {
		return nil, fmt.Errorf("open the event log in %s: %w", s.settings.Data, err)
	}
	s.node = log
	s.closers = append(s.closers, log.Close)
	return log.Store(), nil
}

func (s *stores) openVault(ctx context.Context) error {
	master, err := s.masterKey()
	if err != nil {
		return err
	}
	options := vault.Options{Now: s.now, Log: s.log}
	if s.settings.Database != "" {
		s.vault, err = vault.OpenPostgres(ctx, s.settings.Database, master, options)
	} else {
		s.vault, err = vault.OpenSQLite(ctx, s.settings.Data, master, options)
	}
	return err
}

func (s *stores) masterKey() (vault.MasterKey, error) {
	if s.settings.MasterKey != "" {
		return vault.ParseMasterKey(s.settings.MasterKey)
	}
	return vault.LoadOrMakeMasterKey(s.settings.Data)
}

func (s *stores) openRows(ctx context.Context) error {
	var err error
	if s.settings.Database != "" {
		s.rows, err = postgres.Open(ctx, s.settings.Database)
	} else {
		s.rows, err = sqlite.Open(ctx, s.settings.Data)
	}
	if err != nil {
		return fmt.Errorf("open the read models: %w", err)
	}
	return nil
}

// Close closes what was opened, last first.
func (s *stores) Close() error {
	var errs []error
	for _, closer := range slices.Backward(s.closers) {
		errs = append(errs, closer())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// readModels are all of them. A name's version is raised when the meaning of its rows changes.
func readModels() []machinery.Projection {
	return []machinery.Projection{
		accountlist.New(), accountdetail.New(), organizationlist.New(), licenselist.New(),
		licenserequests.New(), letters.New(), messages.New(), audithistory.New(),
	}
}

// runner answers what keeps the read models up to date, and runs the reactors.
func (s *stores) runner(reactors []machinery.Reactor) (*machinery.Runner, error) {
	return machinery.NewRunner(machinery.Options{
		Store: s.journal.Store, Registry: s.journal.Registry, Keys: s.vault, DB: s.rows,
		Subscriber: &feed.Subscriber{Store: s.journal.Store, Logger: s.log},
		Tables:     readModels(), Reactors: reactors, Logger: s.log, Now: s.now,
	})
}
