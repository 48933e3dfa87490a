package persistent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
)

// parkBatch is how many messages are parked in one append.
const parkBatch = 100

// parkedMetadata is the metadata of a parked link.
type parkedMetadata struct {
	Added             time.Time `json:"added"`
	Reason            string    `json:"reason"`
	SubscriptionEvent int64     `json:"subscriptionEventNumber"`
}

// park writes a link for each message to be parked. Only when that is durable is the
// message done.
func (g *group) park(ctx context.Context) error {
	for {
		g.mu.Lock()
		batch := g.parks[:min(len(g.parks), parkBatch)]
		g.mu.Unlock()
		if len(batch) == 0 {
			return nil
		}
		links := make([]eventstore.Event, len(batch))
		for i, m := range batch {
			link, err := parkedLink(m, g.now())
			if err != nil {
				return err
			}
			links[i] = link
		}
		if _, err := g.m.log.Append(ctx, g.config.parkedStream(), eventstore.Any, links...); err != nil {
			return fmt.Errorf("park: %w", err)
		}
		g.mu.Lock()
		for _, m := range batch {
			g.finish(m)
		}
		g.parks = g.parks[len(batch):] // only this goroutine takes away, others append
		g.mu.Unlock()
	}
}

func parkedLink(m *message, at time.Time) (eventstore.Event, error) {
	e := m.event
	if m.target.Stream != "" { // a link to a link would not be resolved to its end
		e = m.target
	}
	metadata, err := json.Marshal(parkedMetadata{Added: at.UTC(), Reason: m.reason, SubscriptionEvent: m.at})
	if err != nil {
		return eventstore.Event{}, fmt.Errorf("park: %w", err)
	}
	return eventstore.Event{
		ID: uuid.New(), Type: index.TypeLink, Binary: true, Metadata: metadata,
		Data: []byte(strconv.FormatInt(e.Revision, 10) + "@" + e.Stream),
	}, nil
}

// replayParked has the messages that are parked now handed out again.
func (g *group) replayParked(ctx context.Context, stopAt int64) error {
	info, err := g.parkedInfo(ctx)
	if err != nil {
		return err
	}
	end := info.Last + 1
	if stopAt >= 0 {
		end = min(end, stopAt)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = max(g.until, end)
	g.nudge()
	return nil
}

// readParked reads a batch of the messages to be replayed. They stay parked until they are
// done, so that a crash in between loses none.
func (g *group) readParked(ctx context.Context) (more bool, err error) {
	g.mu.Lock()
	s := g.config.Settings
	from, until := g.replay.read+1, g.until
	full := len(g.consumers) == 0 || from >= until || len(g.again) >= s.HistoryBuffer || len(g.replay.open) >= maxOpen
	g.mu.Unlock()
	if full {
		return false, nil
	}
	limit := int(min(int64(s.ReadBatch), until-from))
	p, err := g.m.log.ReadStream(ctx, g.config.parkedStream(), from, eventstore.Forwards, limit)
	if err != nil && !errors.Is(err, eventstore.ErrStreamDeleted) {
		return false, fmt.Errorf("read parked messages: %w", err)
	}
	targets, err := g.m.log.Resolve(ctx, p.Events)
	if err != nil {
		return false, fmt.Errorf("resolve parked messages: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	last := until - 1
	for i, e := range p.Events {
		if last = e.Revision; e.Revision >= until {
			last = until - 1
			break
		}
		m := &message{at: e.Revision, event: e, target: targets[i], link: true, parked: true, done: targets[i].Stream == ""}
		g.replay.open = append(g.replay.open, m)
		if !m.done { // otherwise its event is gone, and nobody can deal with it any more
			g.retryLater(m)
		}
	}
	g.replay.read = max(g.replay.read, last)
	g.replay.settle()
	return g.replay.read+1 < until, nil
}

// persist saves how far the group has come, if that is due: the checkpoint in the
// source, and that replayed messages are parked no more.
func (g *group) persist(ctx context.Context, now bool) error {
	g.mu.Lock()
	s := g.config.Settings
	place, counted := g.source.done, g.unsaved
	elapsed := g.m.o.Now().Sub(g.savedAt)
	due := place > g.saved && (now || counted >= max(1, s.MinCheckpoint) && elapsed >= s.CheckpointAfter ||
		s.MaxCheckpoint > 0 && counted >= s.MaxCheckpoint)
	truncate := g.replay.done + 1
	replayed := truncate > g.truncate
	g.mu.Unlock()
	if due {
		data, err := json.Marshal(g.config.place(place))
		if err != nil {
			return fmt.Errorf("save the checkpoint: %w", err)
		}
		if err := write(ctx, g.m.log, g.config.checkpointStream(), checkpointType, data); err != nil {
			return err
		}
		g.mu.Lock()
		g.stored, g.saved, g.savedAt, g.unsaved = true, place, g.m.o.Now(), g.unsaved-counted
		g.mu.Unlock()
	}
	if replayed {
		data := []byte(`{"$tb":` + strconv.FormatInt(truncate, 10) + `}`)
		if err := write(ctx, g.m.log, index.MetastreamPrefix+g.config.parkedStream(), index.TypeMetadata, data); err != nil {
			return err
		}
		g.mu.Lock()
		g.truncate = truncate
		g.mu.Unlock()
	}
	return nil
}

// forget deletes what the group wrote. A new group of the same name may begin the streams anew.
func (g *group) forget(ctx context.Context) error {
	for _, stream := range []string{g.config.checkpointStream(), g.config.parkedStream()} {
		_, err := g.m.log.Delete(ctx, stream, eventstore.Any)
		if _, never := errors.AsType[*eventstore.ConflictError](err); err != nil && !never {
			return fmt.Errorf("delete %s: %w", stream, err)
		}
	}
	return nil
}
