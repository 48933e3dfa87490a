package machinery_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// twice delivers every message twice, as when an acknowledgement is lost.
type twice struct{ message.Subscriber }

func (s twice) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	in, err := s.Subscriber.Subscribe(ctx, topic)
	out := make(chan *message.Message)
	go func() {
		defer close(out)
		for m := range in {
			again := m.CopyWithContext()
			for _, m := range []*message.Message{again, m} {
				select {
				case out <- m:
				case <-ctx.Done():
					return
				}
				select {
				case <-m.Acked():
				case <-m.Nacked():
				case <-ctx.Done():
				}
			}
		}
	}()
	return out, err
}

func TestDoubleDeliveryCountsOnce(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := b.options()
		o.Subscriber = twice{o.Subscriber}
		r, _ := b.run(o)
		b.append("account-1", made{"Anna"})
		for range 20 {
			b.append("account-1", counted{1})
		}
		b.wait(r, eventstore.AtCommit(21))
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 20, Last: noon, Revision: 20}}, b.things())
	})
}

// away fails every write while it is set, some of them after they were done, as when the
// answer is lost.
type away struct {
	machinery.DB
	off  atomic.Bool
	asks atomic.Int64
}

// surelyLost is how many writes are not done at all: more than there are tables, so that
// some are asked again.
const surelyLost = 8

var errAway = errors.New("the database is away")

func (a *away) Apply(ctx context.Context, c machinery.Change) error {
	if !a.off.Load() {
		return a.DB.Apply(ctx, c)
	}
	if n := a.asks.Add(1); n > surelyLost && n%2 == 0 {
		return errors.Join(errAway, a.DB.Apply(ctx, c))
	}
	return errAway
}

func TestLostAnswersOfTheDatabase(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := b.options()
		db := &away{DB: b.db}
		o.DB = db
		r, _ := b.run(o)
		b.wait(r, b.append("account-1", made{"Anna"}))
		db.off.Store(true)
		b.append("account-1", counted{1})
		until(t, "an error shows", func() bool { return b.status(r, noteTable).Error != "" })
		until(t, "some were asked again", func() bool { return db.asks.Load() > surelyLost+2 })
		db.off.Store(false)
		b.wait(r, b.append("account-1", counted{1}))
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 2, Last: noon, Revision: 2}}, b.things())
		until(t, "no error shows", func() bool { return b.status(r, thingTable).Error == "" })
	})
}

// TestServerAwayAndBack takes a PostgreSQL server away as a crash does, with what its
// newest commits wrote, and the locks.
func TestServerAwayAndBack(t *testing.T) {
	t.Parallel()
	postgrestest.URL(t) // skips where there is none
	server, err := postgrestest.Start()
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	b := newBench(t, func() machinery.DB { return openPostgres(t, server.URL("postgres")) })
	var sent outbox
	r, _ := b.run(b.withReactor(&sent, false))
	b.wait(r, b.append("account-1", made{"Anna"}, counted{1}))
	until(t, "Anna is sent", func() bool { return len(sent.all()) == 1 })
	must(t, server.Stop())
	b.append("account-1", counted{1})
	at := b.append("account-2", made{"Bert"})
	until(t, "an error shows", func() bool {
		all, err := r.Status(t.Context())
		return err != nil || all[0].Error != ""
	})
	must(t, server.Resume())
	b.wait(r, at)
	equal(t, []thing{{ID: "1", Name: "Anna", Count: 2, Last: noon, Revision: 2}, {ID: "2", Name: "Bert"}}, b.things())
	until(t, "Bert is sent", func() bool { return len(sent.all()) >= 2 })
	b.verified(r, r.Names()...)
}
