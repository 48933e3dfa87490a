package door

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/log"
)

// quiet is how long a filtered subscription at the head waits before it sends a checkpoint for
// events that passed and that it did not want.
const quiet = 200 * time.Millisecond

// follow serves a catch-up subscription: it sends the confirmation, every event after the place
// asked for, "caught up" once, and live events as they come. It keeps no events: it reads each
// page from the log when the client has taken the one before.
func (s *Server) follow(ctx context.Context, r *reading, o *streams.ReadReq_Options) error {
	if r.direction == eventstore.Backwards {
		return invalid("A subscription goes forwards.")
	}
	if r.filter.set && o.GetFilter().GetCheckpointIntervalMultiplier() == 0 {
		return invalid("The filter's checkpoint interval multiplier must be at least 1.")
	}
	id := uuid.New().String()
	about := subscription{id: id, stream: r.stream, filter: r.filter.words}
	return s.run(ctx, about, func(ctx context.Context, live *liveCall) error {
		r.live = live
		if r.stream == allStream {
			return r.followAll(ctx, id, o.GetAll())
		}
		return r.followOne(ctx, id, o.GetStream())
	})
}

func (r *reading) confirm(id string) error {
	return r.send(&streams.ReadResp{Content: &streams.ReadResp_Confirmation{
		Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: id},
	}})
}

// followOne follows a stream, from a revision excluded.
func (r *reading) followOne(ctx context.Context, id string, o *streams.ReadReq_Options_StreamOptions) error {
	before := r.door.log.Head()
	info, err := r.door.log.StreamInfo(ctx, r.stream)
	if err != nil {
		return r.door.failure(ctx, r.stream, err)
	}
	next := int64(0)
	switch o.GetRevisionOption().(type) {
	case *streams.ReadReq_Options_StreamOptions_Revision:
		if next, _ = r.revision(o); next < index.Tombstoned {
			next++
		}
	case *streams.ReadReq_Options_StreamOptions_End:
		next = info.Last + 1
	}
	r.live.position.Store(next - 1)
	if err := r.confirm(id); err != nil {
		return err
	}
	for caughtUp := false; ; {
		changed, head := r.door.log.Changed(), r.door.log.Head()
		p, err := r.readStream(ctx, next, page)
		if errors.Is(err, eventstore.ErrStreamDeleted) {
			if failed := r.last(ctx, before); failed != nil {
				return failed
			}
		}
		if err != nil {
			return r.door.failure(ctx, r.stream, err)
		}
		before = head
		if err := r.events(ctx, p.Events); err != nil {
			return err
		}
		if n := len(p.Events); n > 0 {
			next = p.Events[n-1].Revision + 1
			r.live.position.Store(next - 1)
		}
		if !p.AtEnd && len(p.Events) > 0 {
			continue
		}
		if !caughtUp {
			caughtUp = true
			if err := r.send(r.caughtUp(fieldCaughtUpRevision, next-1)); err != nil {
				return err
			}
		}
		if err := r.awaitStream(ctx, changed, head); err != nil {
			return err
		}
	}
}

// last sends the event that a tombstone is, which stands beyond a position at which the stream was
// still there.
func (r *reading) last(ctx context.Context, before eventstore.Position) error {
	p, err := r.door.log.ReadAll(ctx, log.AllQuery{
		Beyond: before, Limit: 1, System: true,
		Match: func(stream, typ string) bool { return stream == r.stream && typ == index.TypeStreamDeleted },
	})
	if err != nil {
		return r.door.failure(ctx, r.stream, err)
	}
	return r.events(ctx, p.Events)
}

// awaitStream waits until something was written to the stream. Most commits are to other
// streams, and the newest part of the log is in memory, so looking through what is new is
// cheaper than reading the stream at each commit.
func (r *reading) awaitStream(ctx context.Context, changed <-chan struct{}, head eventstore.Position) error {
	concerned := func(stream, _ string) bool { return stream == r.stream }
	if strings.HasPrefix(r.stream, index.CategoryPrefix) || strings.HasPrefix(r.stream, index.TypePrefix) || r.stream == index.StreamsStream {
		concerned = nil // computed from others: any event may concern it
	}
	for {
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
		changed = r.door.log.Changed()
		p, err := r.door.log.ReadAll(ctx, log.AllQuery{
			Beyond: head, Limit: 1, Consider: maxConsidered, Match: concerned, System: true,
		})
		if err != nil {
			return r.door.failure(ctx, r.stream, err)
		}
		if len(p.Events) > 0 || !p.AtEnd {
			return nil
		}
		head = p.Next
	}
}
