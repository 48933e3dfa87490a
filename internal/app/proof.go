package app

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
)

// seals proves the log to the UI.
type seals struct {
	store    eventstore.Store
	registry *eventstore.Registry
	dir, key string
}

// Last answers the newest seal.
func (s seals) Last(ctx context.Context) (frame.Seal, bool, error) {
	only := eventstore.Filter{Streams: []string{audit.StreamPrefix}}
	for r, err := range s.store.ReadAll(ctx, eventstore.End, eventstore.Backwards, only) {
		if err != nil {
			return frame.Seal{}, false, fmt.Errorf("read the last seal: %w", err)
		}
		event, _, err := s.registry.DecodeSealed(r)
		if err != nil {
			return frame.Seal{}, false, fmt.Errorf("read the last seal: %w", err)
		}
		sealed, ok := event.(audit.Sealed)
		if !ok {
			continue
		}
		position, err := strconv.ParseUint(sealed.Position, 10, 64)
		if err != nil {
			return frame.Seal{}, false, fmt.Errorf("read the last seal: %w", err)
		}
		return frame.Seal{At: r.Created, Size: sealed.Size, Position: eventstore.Position(position), Root: sealed.Root}, true, nil
	}
	return frame.Seal{}, false, nil
}

// Verify reads the whole log and compares it with its seals.
func (s seals) Verify(ctx context.Context, progress func(int64)) (frame.Verification, error) {
	report, err := audit.Verify(ctx, s.store, audit.Options{
		Keys: []string{s.key}, Dir: s.dir, Progress: func(events int64, _ eventstore.Position) { progress(events) },
	})
	if err != nil {
		return frame.Verification{}, err
	}
	found := frame.Verification{
		Events: report.Events, Streams: report.Streams, Seals: report.Seals, Outside: report.Outside,
		Sealed: report.Sealed, Unsealed: report.Unsealed, Broken: report.Broken,
	}
	for _, p := range report.Problems {
		found.Problems = append(found.Problems, p.String())
	}
	return found, nil
}

// subscribers answers who follows the log through the door.
func (v *App) subscribers(ctx context.Context) []answers.Subscriber {
	var all []answers.Subscriber
	for _, s := range v.Door.Subscribers(ctx) {
		all = append(all, answers.Subscriber{
			Address: s.From, User: s.User, Stream: s.Stream, Group: s.Group, Filter: s.Filter, Since: s.Since, Position: s.Position, Lag: s.Lag,
		})
	}
	return all
}

// jobs are begun by requests, outlive them, and end with the service.
type jobs struct {
	ctx     context.Context //nolint:containedctx // theirs, not that of a call
	cancel  context.CancelFunc
	running *sync.WaitGroup
}

func newJobs(parent context.Context) jobs {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	return jobs{ctx, cancel, &sync.WaitGroup{}}
}

func (j jobs) begin(job func(context.Context)) { j.running.Go(func() { job(j.ctx) }) }

// stop ends them and waits. No request may begin another any more.
func (j jobs) stop() {
	j.cancel()
	j.running.Wait()
}
