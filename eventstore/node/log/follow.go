package log

import (
	"context"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

// considered is after how many events that a filter drops a subscriber hears how far it is.
const considered = 1024

// Follow delivers the log from a position on, until the context ends, the log closes, or
// deliver returns false (no error then). Errors: ErrReadOnly and those of ReadAll.
func (a *All) Follow(ctx context.Context, after eventstore.Position, filter eventstore.Filter, deliver func(eventstore.Delivery) bool) error {
	if !a.pages.writes() {
		return ErrReadOnly
	}
	progress := a.pages.memory.Progress
	if !after.Before(eventstore.End) {
		after = progress.Head().Position()
	}
	f := follower{query: AllQuery{Beyond: after, Filter: filter, Consider: considered}, told: logfile.PlaceOf(after), deliver: deliver}
	for {
		changed := progress.Changed()
		page, err := a.ReadAll(ctx, f.query)
		if err != nil {
			return err
		}
		if more, err := f.take(ctx, page); !more {
			return err
		}
		if !page.AtEnd {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// follower is one reader of Follow.
type follower struct {
	query    AllQuery
	told     logfile.Place // the last place that the reader heard of
	caughtUp bool
	deliver  func(eventstore.Delivery) bool
}

// take delivers a page. It returns false if the reader is to get no more.
func (f *follower) take(ctx context.Context, page AllPage) (more bool, err error) {
	for i := range page.Events {
		e := &page.Events[i]
		f.told = logfile.PlaceOf(e.Position)
		if !f.deliver(eventstore.Delivery{Event: *e, IsEvent: true, Position: e.Position}) {
			return false, nil
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
	}
	next := max(logfile.PlaceOf(f.query.Beyond), logfile.PlaceOf(page.Next))
	f.query.Beyond = next.Position()
	if next > f.told && (page.AtEnd || next-f.told >= considered) {
		f.told = next
		if !f.deliver(eventstore.Delivery{Position: f.query.Beyond}) {
			return false, nil
		}
	}
	if page.AtEnd && !f.caughtUp {
		f.caughtUp = true
		if !f.deliver(eventstore.Delivery{CaughtUp: true, Position: f.query.Beyond}) {
			return false, nil
		}
	}
	return true, nil
}
