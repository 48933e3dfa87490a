package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
)

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
