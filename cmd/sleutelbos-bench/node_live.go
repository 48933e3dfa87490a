package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
)

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
			s, err := b.clients[n%len(b.clients)].SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.Position{Commit: after.Commit(), Prepare: after.Prepare()}})
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
