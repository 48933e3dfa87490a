package app

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

// RowsDB is a rows engine that can be closed.
type RowsDB interface {
	machinery.DB
	Close() error
}

// Stores are everything durable: the log, the vault and the read models.
type Stores struct {
	Places Places
	Log    *slog.Logger
	Now    func() time.Time

	Node    *node.Log // nil with EventStoreDB
	Vault   *vault.Vault
	Rows    RowsDB
	Journal eventstore.Journal
	Closers []func() error // in the order of opening
}

// Access says what a program does with the embedded event log.
type Access bool

// The ways to open the embedded log: one process writes, others may read beside it.
const (
	Reading Access = false
	Writing Access = true
)

// OpenStores opens what the settings name, and makes what is not there yet.
func OpenStores(ctx context.Context, places Places, a Access, log *slog.Logger, now func() time.Time) (*Stores, error) {
	s := &Stores{Places: places, Log: log, Now: now}
	if err := s.open(ctx, a); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Stores) open(ctx context.Context, a Access) error {
	if err := os.MkdirAll(s.Places.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	store, err := s.OpenLog(ctx, a)
	if err != nil {
		return err
	}
	if err := s.OpenVault(ctx); err != nil {
		return err
	}
	s.Closers = append(s.Closers, s.Vault.Close)
	if err := s.OpenRows(ctx); err != nil {
		return err
	}
	s.Closers = append(s.Closers, s.Rows.Close)
	s.Journal = eventstore.Journal{Store: store, Registry: catalog.New(), Keys: s.Vault}
	return nil
}

func (s *Stores) OpenLog(ctx context.Context, a Access) (eventstore.Store, error) {
	if s.Places.EventStore != "" {
		store, err := esdb.Open(ctx, s.Places.EventStore, esdb.Options{Logger: s.Log})
		if err != nil {
			return nil, fmt.Errorf("open the event store: %w", err)
		}
		s.Closers = append(s.Closers, store.Close)
		return store, nil
	}
	open := node.OpenReadOnly
	if a == Writing {
		open = node.Open
	}
	log, err := open(ctx, node.Options{Dir: s.Places.Data, Now: s.Now})
	if err != nil {
		return nil, fmt.Errorf("open the event log in %s: %w", s.Places.Data, err)
	}
	s.Node = log
	s.Closers = append(s.Closers, log.Close)
	return log.Store(), nil
}

func (s *Stores) OpenVault(ctx context.Context) error {
	master, err := s.MasterKey()
	if err != nil {
		return err
	}
	options := vault.Options{Now: s.Now, Log: s.Log}
	if s.Places.Database != "" {
		s.Vault, err = vault.OpenPostgres(ctx, s.Places.Database, master, options)
	} else {
		s.Vault, err = vault.OpenSQLite(ctx, s.Places.Data, master, options)
	}
	return err
}

func (s *Stores) MasterKey() (vault.MasterKey, error) {
	if s.Places.MasterKey != "" {
		return vault.ParseMasterKey(s.Places.MasterKey)
	}
	return vault.LoadOrMakeMasterKey(s.Places.Data)
}

func (s *Stores) OpenRows(ctx context.Context) error {
	var err error
	if s.Places.Database != "" {
		s.Rows, err = postgres.Open(ctx, s.Places.Database)
	} else {
		s.Rows, err = sqlite.Open(ctx, s.Places.Data)
	}
	if err != nil {
		return fmt.Errorf("open the read models: %w", err)
	}
	return nil
}

// Close closes what was opened, last first.
func (s *Stores) Close() error {
	var errs []error
	for _, closer := range slices.Backward(s.Closers) {
		errs = append(errs, closer())
	}
	s.Closers = nil
	return errors.Join(errs...)
}

// readModels lists all of them. A name's version is raised when the meaning of its rows changes.
func readModels() []machinery.Projection {
	return []machinery.Projection{
		accountlist.New(), accountdetail.New(), organizationlist.New(), licenselist.New(),
		licenserequests.New(), letters.New(), messages.New(), audithistory.New(),
	}
}

// NewRunner returns what keeps the read models up to date and runs the reactors.
func (s *Stores) NewRunner(reactors []machinery.Reactor) (*machinery.Runner, error) {
	return machinery.NewRunner(machinery.Options{
		Store: s.Journal.Store, Registry: s.Journal.Registry, Keys: s.Vault, DB: s.Rows,
		Subscriber: &feed.Subscriber{Store: s.Journal.Store, Logger: s.Log},
		Tables:     readModels(), Reactors: reactors, Logger: s.Log, Now: s.Now,
	})
}

// OpenHistory opens what the history needs: the log, read only, and the vault.
func (s *Stores) OpenHistory(ctx context.Context) error {
	store, err := s.OpenLog(ctx, Reading)
	if err != nil {
		return err
	}
	if err := s.OpenVault(ctx); err != nil {
		return err
	}
	s.Closers = append(s.Closers, s.Vault.Close)
	s.Journal = eventstore.Journal{Store: store, Registry: catalog.New(), Keys: s.Vault}
	return nil
}
