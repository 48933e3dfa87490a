package door

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/log"
)

// page is how many events are read at once.
const page = 512

// Read sends a part of a stream or of the log, or follows it.
func (s streamsService) Read(request *streams.ReadReq, call streams.Streams_ReadServer) error {
	o := request.GetOptions()
	r, err := s.door.newReading(o, call)
	if err != nil {
		return err
	}
	ctx := call.Context()
	if r.stream != allStream && !r.user.maySee(r.stream) {
		return accessDenied(ctx)
	}
	switch count := o.GetCountOption().(type) {
	case *streams.ReadReq_Options_Count:
		return s.door.run(ctx, subscription{}, func(ctx context.Context, live *liveCall) error {
			r.live = live
			if r.stream == allStream {
				return r.all(ctx, r.beyond(o.GetAll()), count.Count)
			}
			if count.Count == 0 {
				return errReadOfNothing
			}
			from, none := r.revision(o.GetStream())
			return r.one(ctx, from, none, count.Count)
		})
	case *streams.ReadReq_Options_Subscription:
		return s.door.follow(ctx, r, o)
	default:
		return invalid("A read needs a count or a subscription.")
	}
}

// one sends a part of a stream.
func (r *reading) one(ctx context.Context, from int64, none bool, count uint64) error {
	limit := page
	if none {
		limit, count = 1, 0 // only to see whether the stream is there
	}
	for first := true; ; first = false {
		if count < uint64(limit) && !none {
			limit = int(max(1, count))
		}
		p, err := r.readStream(ctx, from, limit)
		if err != nil {
			return r.door.failure(ctx, r.stream, err)
		}
		if first && p.State != log.StreamLive {
			return r.send(&streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{
				StreamNotFound: &streams.ReadResp_StreamNotFound{StreamIdentifier: identifier(r.stream)},
			}})
		}
		if first && r.compat && p.First >= 0 && p.First <= p.Last {
			if err := r.send(&streams.ReadResp{Content: &streams.ReadResp_FirstStreamPosition{FirstStreamPosition: uint64(p.First)}}); err != nil {
				return err
			}
		}
		events := p.Events[:min(uint64(len(p.Events)), count)]
		if err := r.events(ctx, events); err != nil {
			return err
		}
		count -= uint64(len(events))
		from = p.Next
		if !p.AtEnd && count > 0 {
			continue
		}
		if r.compat && p.Last >= 0 {
			return r.send(&streams.ReadResp{Content: &streams.ReadResp_LastStreamPosition{LastStreamPosition: uint64(p.Last)}})
		}
		return nil
	}
}

// all sends a part of the log. Only events that pass the filter count.
func (r *reading) all(ctx context.Context, beyond eventstore.Position, count uint64) error {
	for count > 0 {
		p, err := r.readAll(ctx, beyond, int(min(page, count)))
		if err != nil {
			return r.door.failure(ctx, allStream, err)
		}
		if err := r.filter.failed(); err != nil {
			return err
		}
		if err := r.events(ctx, p.Events); err != nil {
			return err
		}
		if p.AtEnd {
			return nil
		}
		count -= uint64(len(p.Events))
		beyond = p.Next
	}
	return nil
}

func (r *reading) query(beyond eventstore.Position, limit int) log.AllQuery {
	return log.AllQuery{
		Beyond: beyond, Direction: r.direction, Limit: limit, Consider: maxConsidered,
		Filter: r.filter.Prefixes, Match: r.filter.match(r.user), System: true,
	}
}

// maxConsidered bounds one query of a filtered read, so that it is a piece of a few milliseconds and the
// door notices that a client has left while nothing matches.
const maxConsidered = 4_000

// events sends events.
func (r *reading) events(ctx context.Context, events []eventstore.Recorded) error {
	return r.sendEach(ctx, events, func(_ eventstore.Recorded, send func() error) error { return send() })
}

func (r *reading) event(e eventstore.Recorded, targets []eventstore.Recorded, i int) *streams.ReadResp {
	answer := &streams.ReadResp_ReadEvent{
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: e.Position.Commit()},
	}
	if targets != nil && index.IsLink(&e) {
		answer.Link = recorded(e, r.stringIDs)
		answer.Event = recorded(targets[i], r.stringIDs)
	} else {
		answer.Event = recorded(e, r.stringIDs)
	}
	return &streams.ReadResp{Content: &streams.ReadResp_Event{Event: answer}}
}

// targets returns what links among the events point to, index by index; nil if none are to be
// resolved. What the user may not see is as if it were gone.
func (s *Server) targets(ctx context.Context, events []eventstore.Recorded, resolve bool, u User) ([]eventstore.Recorded, error) {
	links := false
	for i := range events {
		links = links || index.IsLink(&events[i])
	}
	if !resolve || !links {
		return nil, nil // nothing to resolve
	}
	targets, err := s.log.Resolve(ctx, events)
	if err != nil {
		return nil, s.failure(ctx, "", err)
	}
	for i, t := range targets {
		if t.Stream != "" && !u.maySee(t.Stream) {
			targets[i] = eventstore.Recorded{}
		}
	}
	return targets, nil
}
