package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"
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
			for _, err := range store.ReadAll(ctx, 0, eventstore.Forwards, eventstore.Filter{}) {
				if err := errors.Join(err, one()); err != nil {
					return err
				}
			}
			return nil
		}},
		{"subscribe, directly", func(ctx context.Context, one func() error) error {
			for d, err := range store.Subscribe(ctx, 0, eventstore.Filter{}) {
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

// rate answers how many events a second a way of reading gets, until the end or for as
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

// streams measures the read of one account, each time another.
func (b *nodeBench) streams(ctx context.Context) error {
	db, err := b.beside()
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it was read only
	pick := func(n int) string { return benchStream(n * 7919 % (b.Events / benchPerStream)) }
	whole := func(got int, stream string, err error) error {
		if err == nil && got != benchPerStream {
			err = fmt.Errorf("%s has %d events", stream, got)
		}
		return err
	}
	var bare time.Duration
	for _, way := range []struct {
		name string
		read func(ctx context.Context, stream string) (int, error)
	}{
		{"bare select", func(ctx context.Context, stream string) (n int, err error) {
			err = scanEvents(ctx, db, func() error { n++; return nil },
				`SELECT pos, sid, rev, created, id, meta, data FROM events WHERE sid = (SELECT sid FROM streams WHERE name = ?) ORDER BY rev`, stream)
			return n, err
		}},
		{"directly", func(ctx context.Context, stream string) (int, error) {
			page, err := b.log.ReadStream(ctx, stream, 0, eventstore.Forwards, 100)
			return len(page.Events), err
		}},
		{"through the door", func(ctx context.Context, stream string) (n int, err error) {
			s, err := b.clients[0].ReadStream(ctx, stream, esdb.ReadStreamOptions{From: esdb.Start{}}, 100)
			if err != nil {
				return 0, err
			}
			defer s.Close() // the measurement is over
			for ; ; n++ {
				if _, err := s.Recv(); errors.Is(err, io.EOF) {
					return n, nil
				} else if err != nil {
					return n, err
				}
			}
		}},
	} {
		_, took, err := hammer(ctx, 1, b.Seconds, func(ctx context.Context, _, n int) error {
			stream := pick(n)
			got, err := way.read(ctx, stream)
			return whole(got, stream, err)
		})
		if err != nil {
			return err
		}
		p50 := took.exactly(50)
		if bare == 0 {
			bare = p50
		}
		b.line("20 events of an account, "+way.name, "p50 %s, p99 %s, %s of the bare select (aim directly: 100µs)", p50, took.exactly(99), ratio(float64(p50), float64(bare)))
	}
	return nil
}

// liveEvents is how many events each live subscriber waits for.
const liveEvents = 200

// live measures how fast many subscribers at the head get what 16 clients append.
func (b *nodeBench) live(ctx context.Context) error {
	store := b.log.Store()
	for _, way := range []struct {
		name   string
		follow func(ctx context.Context, n int, after eventstore.Position, ready func(), one func() bool) error
	}{
		{"directly", func(ctx context.Context, _ int, after eventstore.Position, ready func(), one func() bool) error {
			for d, err := range store.Subscribe(ctx, after, eventstore.Filter{}) {
				switch {
				case err != nil:
					return err
				case d.CaughtUp:
					ready()
				case d.IsEvent && one():
					return nil
				}
			}
			return nil
		}},
		{"through the door", func(ctx context.Context, n int, after eventstore.Position, ready func(), one func() bool) error {
			s, err := b.clients[n%len(b.clients)].SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.Position{Commit: uint64(after), Prepare: uint64(after)}})
			if err != nil {
				return err
			}
			defer s.Close() //nolint:errcheck // the measurement is over
			for {
				switch e := s.Recv(); {
				case e.SubscriptionDropped != nil:
					return e.SubscriptionDropped.Error
				case e.CaughtUp != nil:
					ready()
				case e.EventAppeared != nil && one():
					return nil
				}
			}
		}},
	} {
		if err := b.liveBy(ctx, way.name, way.follow); err != nil {
			return err
		}
	}
	b.line("memory, after the subscribers", "%s", resident())
	return nil
}

func (b *nodeBench) liveBy(ctx context.Context, name string, follow func(context.Context, int, eventstore.Position, func(), func() bool) error) error {
	head, err := b.log.Store().Head(ctx)
	if err != nil {
		return err
	}
	var ready sync.WaitGroup
	ready.Add(b.Subscribers)
	ended := make(chan error, b.Subscribers)
	for n := range b.Subscribers {
		go func() {
			seen, caughtUp := 0, sync.OnceFunc(ready.Done)
			defer caughtUp()
			ended <- follow(ctx, n, head, caughtUp, func() bool { seen++; return seen == liveEvents })
		}()
	}
	ready.Wait()
	begin := time.Now()
	var left atomic.Int64
	left.Store(liveEvents)
	appending := make(chan error, 16)
	for range cap(appending) {
		go func() {
			for left.Add(-1) >= 0 {
				if _, err := b.log.Append(ctx, "live-"+benchStream(int(left.Load()+1)), eventstore.Any, benchEvent()); err != nil {
					appending <- err
					return
				}
			}
			appending <- nil
		}()
	}
	var errs []error
	for range cap(appending) {
		errs = append(errs, <-appending)
	}
	appended := time.Since(begin)
	for range b.Subscribers {
		errs = append(errs, <-ended)
	}
	took := time.Since(begin)
	b.line(fmt.Sprintf("%d live subscribers, %s", b.Subscribers, name), "%.0f deliveries/s; %d events appended in %s, everybody had them after %s",
		float64(b.Subscribers*liveEvents)/took.Seconds(), liveEvents, appended.Round(time.Millisecond), took.Round(time.Millisecond))
	return errors.Join(errs...)
}
