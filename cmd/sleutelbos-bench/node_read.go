package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
)

// errEnough ends a measurement whose time is over.
var errEnough = errors.New("enough")

// read measures catching up from the start, for as long as a rate is measured.
func (b *nodeBench) read(ctx context.Context) error {
	bare, err := b.rate(ctx, b.bareScan)
	if err != nil {
		return err
	}
	b.line("bare scan", "%.0f events/s", bare)
	store, client := b.log.Store(), b.clients[0]
	for _, way := range []struct {
		name string
		read func(context.Context, func() error) error
	}{
		{"read all, directly", func(ctx context.Context, one func() error) error {
			for _, err := range store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
				if err := errors.Join(err, one()); err != nil {
					return err
				}
			}
			return nil
		}},
		{"subscribe, directly", func(ctx context.Context, one func() error) error {
			for d, err := range store.Subscribe(ctx, eventstore.Position{}, eventstore.Filter{}) {
				if d.CaughtUp {
					return nil
				}
				if err := errors.Join(err, one()); err != nil {
					return err
				}
			}
			return nil
		}},
		{"read all, through the door", func(ctx context.Context, one func() error) error {
			s, err := client.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.Start{}}, 1<<40)
			if err != nil {
				return err
			}
			defer s.Close() // the measurement is over
			for {
				if _, err := s.Recv(); errors.Is(err, io.EOF) {
					return nil
				} else if err := errors.Join(err, one()); err != nil {
					return err
				}
			}
		}},
		{"subscribe, through the door", func(ctx context.Context, one func() error) error {
			s, err := client.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.Start{}})
			if err != nil {
				return err
			}
			defer s.Close() //nolint:errcheck // the measurement is over
			for {
				e := s.Recv()
				if e.CaughtUp != nil {
					return nil
				}
				if e.SubscriptionDropped != nil {
					return e.SubscriptionDropped.Error
				}
				if err := one(); err != nil {
					return err
				}
			}
		}},
	} {
		rate, err := b.rate(ctx, way.read)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		b.line(way.name, "%.0f events/s, %s of the bare scan", rate, ratio(rate, bare))
	}
	b.line("memory, all read", "%s", resident())
	return nil
}

// rate returns how many events a second a way of reading gets, until the end or for as
// long as a rate is measured.
func (b *nodeBench) rate(ctx context.Context, read func(context.Context, func() error) error) (float64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begin, n := time.Now(), 0
	err := read(ctx, func() error {
		if n++; n%1024 == 0 && time.Since(begin).Seconds() > b.Seconds {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return 0, err
	}
	return float64(n) / time.Since(begin).Seconds(), nil
}

// beside opens the file of the log as anybody can.
func (b *nodeBench) beside() (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+filepath.Join(b.data(), "log.db")+"?mode=ro")
}

// bareScan reads the rows of the log's own table.
func (b *nodeBench) bareScan(ctx context.Context, one func() error) (err error) {
	db, err := b.beside()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return scanEvents(ctx, db, one, `SELECT pos, sid, rev, created, id, meta, data FROM events ORDER BY pos`)
}

func scanEvents(ctx context.Context, db *sql.DB, one func() error, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var pos, sid, rev, created int64
	var id, meta, data []byte
	for rows.Next() {
		if err := rows.Scan(&pos, &sid, &rev, &created, &id, &meta, &data); err != nil {
			return err
		}
		if err := one(); err != nil {
			return err
		}
	}
	return rows.Err()
}
