package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/esdb"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/reach"
	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/feed"
	"sleutelbos/projections/machinery/rows/postgres"
	"sleutelbos/projections/machinery/rows/sqlite"
)

// RowsDB is a rows engine that can be closed.
type RowsDB interface {
	machinery.DB
	Close() error
}

// Stores are everything durable: the log, the vault and the read models. A command that
// needs only one of them opens only that one.
type Stores struct {
	Places      Places
	Log         *slog.Logger
	Now         func() time.Time
	AdjustVault func(*vault.Options)                    // nil but in tests, which make passwords cheap
	AdjustLog   func(eventstore.Store) eventstore.Store // nil but in tests, which put it out of reach

	Node    *node.Log // nil with EventStoreDB
	Vault   *vault.Vault
	Rows    RowsDB
	Journal eventstore.Journal
	Reach   *eventstore.Watched // whether the log is within reach
	closers []func() error      // in the order of opening
	// await opens something that may be away, by its name; nil opens it once. See Start.
	await   func(ctx context.Context, what string, open func(context.Context) error) error
	explain func(ctx context.Context, err error) error // gives an error of the log its sentence; nil for an embedded one
}

// Access says what a program does with the embedded event log.
type Access bool

// The ways to open the embedded log: one process writes, others may read beside it.
const (
	Reading Access = false
	Writing Access = true
)

// Open opens all stores, and makes what is not there yet. After an error, nothing is open.
func (s *Stores) Open(ctx context.Context, a Access) error {
	err := s.OpenJournal(ctx, a)
	if err == nil {
		err = s.openRows(ctx)
	}
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// OpenJournal opens the log and the vault, which together tell the whole history.
func (s *Stores) OpenJournal(ctx context.Context, a Access) error {
	if err := os.MkdirAll(s.Places.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	store, err := s.OpenLog(ctx, a)
	if err == nil {
		err = s.OpenVault(ctx)
	}
	if err != nil {
		return err
	}
	if s.AdjustLog != nil {
		store = s.AdjustLog(store)
	}
	store, s.Reach = eventstore.Watch(store, s.Now)
	s.Journal = eventstore.Journal{Store: store, Registry: catalog.New(), Keys: s.Vault}
	passes := eventstore.PassesOf(store, s.Journal.Registry)
	s.Journal.Registry.Heed(passes)
	return s.patient(ctx, "the event log", passes.Learn)
}

// OpenLog opens the event log alone.
func (s *Stores) OpenLog(ctx context.Context, a Access) (store eventstore.Store, err error) {
	if s.Places.EventStore != "" {
		return s.connect(ctx, a)
	}
	open := node.OpenReadOnly
	if a == Writing {
		open = node.Open
	}
	err = s.patient(ctx, "the event log", func(ctx context.Context) error {
		log, err := open(ctx, node.Options{Dir: s.Places.Data, Now: s.Now})
		if err != nil {
			return fmt.Errorf("open the event log in %s: %w", s.Places.Data, reach.File(filepath.Join(s.Places.Data, "log.db"), err))
		}
		s.Node, store = log, log.Store()
		s.closers = append(s.closers, log.Close)
		return nil
	})
	return store, err
}

// connect prepares the connection to an event store, and asks it whether it takes this user.
func (s *Stores) connect(ctx context.Context, a Access) (eventstore.Store, error) {
	store, err := esdb.Open(s.Places.EventStore, esdb.Options{Logger: s.Log})
	if err != nil {
		return nil, fmt.Errorf("open the event store: %w", err)
	}
	s.closers = append(s.closers, store.Close)
	s.explain = store.Explain
	return store, s.patient(ctx, "the event store", func(ctx context.Context) error {
		if err := store.Reach(ctx); err != nil || a == Reading {
			return err
		}
		return store.MayAppend(ctx)
	})
}

// OpenVault opens the vault alone.
func (s *Stores) OpenVault(ctx context.Context) error {
	master, err := s.MasterKey()
	if err != nil {
		return err
	}
	options := vault.Options{Now: s.Now, Log: s.Log}
	if s.AdjustVault != nil {
		s.AdjustVault(&options)
	}
	return s.patient(ctx, "the vault", func(ctx context.Context) error {
		if s.Vault, err = s.openVault(ctx, master, options); err == nil {
			s.closers = append(s.closers, s.Vault.Close)
		}
		return err
	})
}

func (s *Stores) openVault(ctx context.Context, master vault.MasterKey, o vault.Options) (*vault.Vault, error) {
	if s.Places.Database != "" {
		v, err := vault.OpenPostgres(ctx, s.Places.Database, master, o)
		return v, s.postgresSays(err)
	}
	path := filepath.Join(s.Places.Data, "vault.db")
	if err := free(ctx, path, nil); err != nil {
		return nil, err
	}
	v, err := vault.OpenSQLite(ctx, s.Places.Data, master, o)
	return v, reach.File(path, err)
}

// MasterKey returns the key of the settings, or that of the data folder, which it makes if
// there is none.
func (s *Stores) MasterKey() (vault.MasterKey, error) {
	if s.Places.MasterKey != "" {
		return vault.ParseMasterKey(s.Places.MasterKey)
	}
	return vault.LoadOrMakeMasterKey(s.Places.Data)
}

func (s *Stores) openRows(ctx context.Context) error {
	return s.patient(ctx, "the read models", func(ctx context.Context) (err error) {
		if s.Places.Database != "" {
			s.Rows, err = postgres.Open(ctx, s.Places.Database)
			err = s.postgresSays(err)
		} else {
			s.Rows, err = s.openFiles(ctx)
		}
		if err != nil {
			return fmt.Errorf("open the read models: %w", err)
		}
		s.closers = append(s.closers, s.Rows.Close)
		return nil
	})
}

// openFiles opens the read models in the data folder. A file of theirs that is damaged, or of
// another master key, is not worth mending.
func (s *Stores) openFiles(ctx context.Context) (RowsDB, error) {
	key, rows := s.RowsKey(), filepath.Join(s.Places.Data, "readmodels.db")
	if err := free(ctx, filepath.Join(s.Places.Data, "reactors.db"), nil); err != nil {
		return nil, err
	}
	if err := free(ctx, rows, &key); err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, s.Places.Data, key)
	if file, ok := errors.AsType[*sqlite.FileError](err); ok {
		return nil, reach.File(file.Path, err)
	} else if err != nil {
		return nil, err
	}
	healed := db.Healed()
	if healed.Aside != "" {
		s.Log.ErrorContext(ctx, "the file of the read models was damaged, or is of another master key; it was set aside, and they are made again from the log", "file", healed.Aside)
	}
	if healed.Plain {
		s.Log.WarnContext(ctx, "the file of the read models was not encrypted; it was erased, and they are made again from the log")
	}
	return db, nil
}

// RowsKey returns the key that encrypts the file of the read models. The vault must be open.
func (s *Stores) RowsKey() sealed.Key { return sealed.Key(s.Vault.DerivedKey("read models")) }

// Beside returns stores with the same log and vault and with other read models. Closing them
// closes these read models only.
func (s *Stores) Beside(rows RowsDB) *Stores {
	other := *s
	other.Rows, other.closers = rows, []func() error{rows.Close}
	return &other
}

// Close closes what was opened, last first.
func (s *Stores) Close() error {
	var errs []error
	for _, closer := range slices.Backward(s.closers) {
		errs = append(errs, closer())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// NewRunner returns what keeps the read models up to date, for commands that look at them
// or build them again. It runs no reactor.
func (s *Stores) NewRunner() (*machinery.Runner, error) {
	return machinery.NewRunner(s.runnerOptions())
}

func (s *Stores) runnerOptions() machinery.Options {
	return machinery.Options{
		Store: s.Journal.Store, Registry: s.Journal.Registry, Keys: s.Vault, DB: s.Rows,
		Subscriber: &feed.Subscriber{Store: s.Journal.Store, Logger: s.Log},
		Tables:     ReadModels(), Logger: s.Log, Now: s.Now, CountLag: s.countLag(),
	}
}

// countLag returns how far a lag is counted: on a server that is reading, which a probe has to wait for.
func (s *Stores) countLag() int64 {
	if s.Node == nil {
		return countByReading
	}
	return countByIndex
}

const (
	countByReading = 1_000
	countByIndex   = 100_000
)
