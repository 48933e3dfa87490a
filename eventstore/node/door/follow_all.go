package door

import (
	"context"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
)

// followAll follows the log, from a position excluded.
func (r *reading) followAll(ctx context.Context, id string, o *streams.ReadReq_Options_AllOptions) error {
	f := allFollower{reading: r}
	switch at := o.GetAllOption().(type) {
	case *streams.ReadReq_Options_AllOptions_Position:
		f.next = min(at.Position.GetCommitPosition(), eventstore.End.Commit())
	case *streams.ReadReq_Options_AllOptions_End:
		f.next = r.door.log.Head().Commit()
	}
	f.told, f.noted = f.next, f.next
	f.due = f.next + r.filter.interval
	r.live.position.Store(int64(f.next))
	if err := r.confirm(id); err != nil {
		return err
	}
	for {
		changed := r.door.log.Changed()
		p, err := r.readAll(ctx, eventstore.AtCommit(f.next), page)
		if err != nil {
			return r.door.failure(ctx, allStream, err)
		}
		if err := r.filter.failed(); err != nil {
			return err
		}
		if err := f.deliver(ctx, p); err != nil {
			return err
		}
		if !p.AtEnd {
			continue
		}
		if err := f.atHead(ctx, changed); err != nil {
			return err
		}
	}
}

// allFollower knows how far a subscription to $all has come. It counts with the commits of
// positions, because the embedded log numbers them without gaps.
type allFollower struct {
	*reading
	next     uint64 // everything up to here was considered
	told     uint64 // of the last event or checkpoint that the client got
	noted    uint64 // of the last checkpoint
	due      uint64 // of the next checkpoint, if filtered
	caughtUp bool
}

// deliver sends a page, with the checkpoints that are due in it. A checkpoint is due after so
// many events considered, which is the difference of two commits.
func (f *allFollower) deliver(ctx context.Context, p log.AllPage) error {
	err := f.sendEach(ctx, p.Events, func(e eventstore.Recorded, send func() error) error {
		if err := f.checkpoints(e.Position.Commit() - 1); err != nil {
			return err
		}
		if err := send(); err != nil {
			return err
		}
		f.told = e.Position.Commit()
		f.live.position.Store(int64(e.Position.Commit()))
		return nil
	})
	if err != nil {
		return err
	}
	f.next = max(f.next, p.Next.Commit())
	f.live.position.Store(int64(f.next))
	return f.checkpoints(f.next)
}

// checkpoints sends the checkpoints that are due up to a commit, if the subscription is
// filtered.
func (f *allFollower) checkpoints(upTo uint64) error {
	for f.filter.set && f.due <= upTo {
		if err := f.checkpoint(f.due); err != nil {
			return err
		}
	}
	return nil
}

func (f *allFollower) checkpoint(at uint64) error {
	f.told, f.noted = at, at
	f.due = at + f.filter.interval
	c := &streams.ReadResp_Checkpoint{CommitPosition: at, PreparePosition: at}
	c.ProtoReflect().SetUnknown(appendTime(nil, fieldCheckpointTime, f.door.o.Now()))
	return f.send(&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{Checkpoint: c}})
}

// atHead tells the client, once, that it is up to date, and waits for the next event. A
// filtered subscription gets a checkpoint when it reaches the head, and another one when
// events have passed that it did not want.
func (f *allFollower) atHead(ctx context.Context, changed <-chan struct{}) error {
	var silent <-chan time.Time
	switch {
	case !f.filter.set:
	case !f.caughtUp && f.noted < f.next:
		if err := f.checkpoint(f.next); err != nil {
			return err
		}
	case f.caughtUp && f.told < f.next:
		timer := time.NewTimer(quiet)
		defer timer.Stop()
		silent = timer.C
	}
	if !f.caughtUp {
		f.caughtUp = true
		if err := f.send(f.reading.caughtUp(fieldCaughtUpPosition, int64(f.next))); err != nil {
			return err
		}
	}
	select {
	case <-changed:
		return nil
	case <-silent:
		return f.checkpoint(f.next)
	case <-ctx.Done():
		return ctx.Err()
	}
}
