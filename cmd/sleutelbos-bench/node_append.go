package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// appended is how many accounts the appends go to.
const appended = 1000

// append measures single events of 1, 64 and 256 clients, each between two measurements of
// the disk and after a bare loop that commits as many rows at a time.
func (b *nodeBench) append(ctx context.Context) error {
	direct := func(ctx context.Context, client, n int) error {
		_, err := b.log.Append(ctx, "append-"+benchStream((n*31+client)%appended), eventstore.Any, benchEvent())
		return err
	}
	atTheDoor := func(ctx context.Context, client, n int) error {
		e := esdb.EventData{EventID: uuid.New(), EventType: benchType, ContentType: esdb.ContentTypeJson, Data: benchData, Metadata: benchMetadata}
		_, err := b.clients[client%len(b.clients)].AppendToStream(ctx, "append-"+benchStream((n*31+client)%appended),
			esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, e)
		return err
	}
	for _, clients := range []int{1, 64, 256} {
		bare, err := b.bareAppend(ctx, clients)
		if err != nil {
			return err
		}
		for _, way := range []struct {
			name string
			work func(context.Context, int, int) error
		}{{"directly", direct}, {"through the door", atTheDoor}} {
			before, err := fsyncs(b.dir)
			if err != nil {
				return err
			}
			rate, took, err := hammer(ctx, clients, b.Seconds, way.work)
			if err != nil {
				return err
			}
			after, err := fsyncs(b.dir)
			if err != nil {
				return err
			}
			raw := (before + after) / 2
			b.line(fmt.Sprintf("append, %d clients, %s", clients, way.name), "%.0f/s: %s of raw fdatasync (%.0f/s), %s of the bare loop (%.0f/s); p50 %s, p99 %s",
				rate, ratio(rate, raw), raw, ratio(rate, bare), bare, took.at(50), took.at(99))
		}
	}
	return nil
}

// bareAppend returns how many rows a second one loop inserts that commits so many at a time:
// what the engine does at best for as many clients.
func (b *nodeBench) bareAppend(ctx context.Context, together int) (rate float64, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, fmt.Sprintf("bare%d.db", together))+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return 0, fmt.Errorf("open the bare database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE events (pos INTEGER PRIMARY KEY, sid INTEGER, rev INTEGER, id BLOB, meta BLOB, data BLOB, UNIQUE (sid, rev))`); err != nil {
		return 0, err
	}
	begin, n := time.Now(), 0
	for time.Since(begin).Seconds() < b.Seconds && ctx.Err() == nil {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		insert, err := tx.PrepareContext(ctx, `INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)`)
		for range together {
			if err == nil {
				id := uuid.New()
				_, err = insert.ExecContext(ctx, n+1, n%appended, n/appended, id[:], benchMetadata, benchData)
			}
			n++
		}
		if err != nil {
			return 0, errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(begin).Seconds(), ctx.Err()
}
