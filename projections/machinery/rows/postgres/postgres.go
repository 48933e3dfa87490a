// Package postgres keeps read models in a PostgreSQL database, in the schema readmodels. The
// checkpoints of reactors are in the schema reactors, so that an operator can drop readmodels
// and have it made again without repeating an effect. It needs PostgreSQL 13 or later.
package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

// DB is a rows engine on PostgreSQL. It is safe for concurrent use. It has some twenty methods
// because it implements the whole port, a file for each part of it: queries in query.go, tables
// in tables.go and their rows in rows.go, searches in texts.go, reactors' checkpoints in reactors.go,
// locks in locks.go.
type DB struct {
	*texts.Index // the methods that search

	// Each kind of work has connections of its own, so that none waits for another.
	readers   *pgxpool.Pool // of pages and lists
	streaming *pgxpool.Pool // of long answers
	working   *pgxpool.Pool // of the runner: where things stand, and the durable checkpoints of reactors
	snapshots *pgxpool.Pool // held for as long as somebody looks at one state of a table
	writers   *pgxpool.Pool

	locker *locker
	totals *machinery.Totals
}

var _ machinery.DB = (*DB)(nil)

// bookkeeping is sent as one text, and so runs in one transaction. The lock keeps two processes
// that start at the same time from making the same schema.
const bookkeeping = `
SELECT pg_advisory_xact_lock(7305431);
CREATE SCHEMA IF NOT EXISTS readmodels;
CREATE TABLE IF NOT EXISTS readmodels.checkpoints (
	name text PRIMARY KEY, position bigint NOT NULL, prepare bigint NOT NULL, events_done bigint NOT NULL,
	updated_at text NOT NULL, fingerprint text NOT NULL, generation bigint NOT NULL, last_event text NOT NULL DEFAULT ''
) WITH (fillfactor = 20);
CREATE SCHEMA IF NOT EXISTS reactors;
CREATE TABLE IF NOT EXISTS reactors.checkpoints (
	name text PRIMARY KEY, position bigint NOT NULL, prepare bigint NOT NULL, updated_at text NOT NULL,
	last_event text NOT NULL DEFAULT ''
) WITH (fillfactor = 20);
CREATE TABLE IF NOT EXISTS reactors.leases (
	pid int PRIMARY KEY, began timestamptz NOT NULL, until timestamptz NOT NULL
) WITH (fillfactor = 20);` + addColumns

// addColumns adds what later programs keep of a checkpoint to tables that an earlier one made: a
// position's second number, which was the same as the first then, and the last event.
const addColumns = `
ALTER TABLE readmodels.checkpoints ADD COLUMN IF NOT EXISTS last_event text NOT NULL DEFAULT '';
ALTER TABLE reactors.checkpoints ADD COLUMN IF NOT EXISTS last_event text NOT NULL DEFAULT '';
DO $$
DECLARE space text;
BEGIN
	FOREACH space IN ARRAY ARRAY['readmodels', 'reactors'] LOOP
		IF NOT EXISTS (SELECT FROM information_schema.columns
			WHERE table_schema = space AND table_name = 'checkpoints' AND column_name = 'prepare') THEN
			EXECUTE format('ALTER TABLE %I.checkpoints ADD COLUMN prepare bigint NOT NULL DEFAULT 0', space);
			EXECUTE format('UPDATE %I.checkpoints SET prepare = position', space);
		END IF;
	END LOOP;
END $$;`

// The connections that each kind of work uses at a time, beside those of the readers.
const (
	mostStreaming = 2
	mostWorking   = 4
	mostSnapshots = 2
	mostWriters   = 8
)

// mostPrepared is how many statements a connection keeps prepared.
const mostPrepared = 128

// Open connects to a database, as a connection string names it, and makes the schemas if
// they are missing. The number of connections for queries is pool_max_conns.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("open the read models: the connection string can't be read") // it holds a password
	}
	config.ConnConfig.RuntimeParams["search_path"] = "readmodels, public"
	config.ConnConfig.RuntimeParams["application_name"] = "sleutelbos"
	// A client whose network was cut is noticed by the server within 15 s, and one that was frozen
	// in the middle of a transaction keeps nothing from others for longer than a minute: neither the
	// table at which it looks from being replaced, nor rows, see openPools.
	for name, value := range map[string]string{
		"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "3", "tcp_keepalives_count": "3",
		"idle_in_transaction_session_timeout": "60000",
	} {
		config.ConnConfig.RuntimeParams[name] = value
	}
	db := &DB{}
	db.totals, db.Index = machinery.NewTotals(db), texts.New(textEngine{db})
	if err = db.openPools(ctx, config); err != nil {
		db.closePools()
		return nil, fmt.Errorf("open the read models: %w", err)
	}
	db.locker = newLocker(config.ConnConfig)
	conn, err := db.readers.Acquire(ctx)
	if err == nil {
		_, err = conn.Conn().PgConn().Exec(ctx, bookkeeping).ReadAll()
		conn.Release()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the read models: %w", err), db.Close())
	}
	return db, nil
}

func (db *DB) openPools(ctx context.Context, config *pgxpool.Config) error {
	for _, p := range []struct {
		pool *(*pgxpool.Pool)
		most int32
	}{{&db.readers, config.MaxConns}, {&db.streaming, mostStreaming}, {&db.working, mostWorking}, {&db.snapshots, mostSnapshots}, {&db.writers, mostWriters}} {
		own := config.Copy()
		own.ConnConfig.StatementCacheCapacity = mostPrepared
		if p.pool != &db.readers {
			own.MaxConns, own.MinConns, own.MinIdleConns = p.most, 0, 0
		}
		if p.pool == &db.writers {
			// Rows can be made again, and rows and checkpoint are lost together or not at all, so
			// no commit has to wait for the disk.
			own.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
			own.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "10000"
		}
		var err error
		if *p.pool, err = pgxpool.NewWithConfig(ctx, own); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) closePools() {
	for _, p := range []*pgxpool.Pool{db.writers, db.snapshots, db.working, db.streaming, db.readers} {
		if p != nil {
			p.Close()
		}
	}
}

// Close waits for the queries under way and closes the connections.
func (db *DB) Close() error {
	db.Stop()
	db.locker.close()
	db.closePools()
	return nil
}

// translated gives the engine's errors the port's names.
func translated(err error) error {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok:
		return err
	case pgErr.Code == "42P01": // undefined table
		return fmt.Errorf("%w: %w", machinery.ErrNotBuilt, err)
	case pgErr.Code == "55P03": // the lock timeout of Switch
		return fmt.Errorf("%w: %w", machinery.ErrHeld, err)
	case pgErr.Code == "22012": // division by zero, see moveCheckpoint
		return machinery.ErrFenced
	}
	return err
}

// transaction runs do in a transaction.
func (db *DB) transaction(ctx context.Context, do func(pgx.Tx) error) error {
	return translated(pgx.BeginFunc(ctx, db.writers, do))
}

// again asks once more where the connection was found broken before anything was sent: when
// a server comes back, the pool still holds connections to the one that went.
func again(pool *pgxpool.Pool, ask func() error) error {
	err := ask()
	for range pool.Stat().MaxConns() {
		if err == nil || !pgconn.SafeToRetry(err) {
			break
		}
		err = ask()
	}
	return err
}
