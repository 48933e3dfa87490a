package persistent

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/log"
	"sleutelbos/internal/turns"
)

// maxConsidered bounds one look at the log while a filter finds nothing, which takes a few milliseconds.
const maxConsidered = 4_000

// readSource reads ahead of the consumers, one batch; more says that it may go on.
func (g *group) readSource(ctx context.Context) (more bool, err error) {
	g.mu.Lock()
	s := g.config.Settings
	after := g.source.read
	full := len(g.consumers) == 0 || len(g.ready) >= s.HistoryBuffer || len(g.source.open) >= maxOpen
	g.mu.Unlock()
	if full {
		return false, nil
	}
	events, next, atEnd, err := g.pageInTurn(ctx, after, s.ReadBatch)
	if err != nil {
		return false, err
	}
	messages, err := g.messages(ctx, events)
	if err != nil {
		return false, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.source.open = append(g.source.open, messages...)
	g.ready = append(g.ready, messages...)
	g.source.read = next
	g.source.settle()
	g.atEnd = atEnd
	if n := len(messages); n > 0 {
		g.lastSeen = messages[n-1].at
	}
	return !atEnd, nil
}

// pageInTurn is page for a group that may have much to read: it takes turns until it is at the end, see
// package turns.
func (g *group) pageInTurn(ctx context.Context, after int64, limit int) (events []eventstore.Recorded, next int64, atEnd bool, err error) {
	read := func(ctx context.Context) error {
		events, next, atEnd, err = g.page(ctx, after, limit)
		return err
	}
	if g.behind {
		err = turns.Do(ctx, read)
	} else {
		err = read(ctx)
	}
	g.behind = err == nil && !atEnd
	return events, next, atEnd, err
}

// page reads from the source, beyond a place. Events of no interest are left out, and
// next is behind them.
func (g *group) page(ctx context.Context, after int64, limit int) (events []eventstore.Recorded, next int64, atEnd bool, err error) {
	if g.config.Stream != All {
		p, err := g.m.log.ReadStream(ctx, g.config.Stream, after+1, eventstore.Forwards, limit)
		if errors.Is(err, eventstore.ErrStreamDeleted) {
			return nil, after, true, nil // nothing will come of it any more
		}
		if err != nil {
			return nil, after, false, fmt.Errorf("read the stream: %w", err)
		}
		next = after
		if n := len(p.Events); n > 0 {
			next = p.Events[n-1].Revision
		} else if !p.AtEnd {
			next = max(after, p.Next-1)
		}
		return p.Events, next, p.AtEnd, nil
	}
	match := g.matcher.Match()
	p, err := g.m.log.ReadAll(ctx, log.AllQuery{
		Beyond: eventstore.AtCommit(uint64(after)), Limit: limit, Consider: maxConsidered, System: true,
		Filter: g.matcher.Prefixes,
		Match: func(stream, eventType string) bool {
			return !keptByUs(stream) && (match == nil || match(stream, eventType))
		},
	})
	if err != nil {
		return nil, after, false, fmt.Errorf("read the log: %w", err)
	}
	if err := g.matcher.Err(); err != nil {
		return nil, after, false, err
	}
	return p.Events, max(after, int64(p.Next.Commit())), p.AtEnd, nil
}

// keptByUs says whether a stream holds settings, checkpoints or parked messages: a group
// of All that delivered these would make new ones for ever.
func keptByUs(stream string) bool {
	return stream == configStream || strings.HasPrefix(strings.TrimPrefix(stream, index.MetastreamPrefix), ownPrefix)
}

// messages are the events as messages, links resolved if the settings say so.
func (g *group) messages(ctx context.Context, events []eventstore.Recorded) ([]*message, error) {
	messages := make([]*message, len(events))
	links := false
	for i, e := range events {
		at := e.Revision
		if g.config.Stream == All {
			at = int64(e.Position.Commit())
		}
		link := g.config.Settings.ResolveLinks && index.IsLink(&e)
		links = links || link
		messages[i] = &message{at: at, event: e, link: link}
	}
	if !links {
		return messages, nil
	}
	targets, err := g.m.log.Resolve(ctx, events)
	if err != nil {
		return nil, fmt.Errorf("resolve links: %w", err)
	}
	for i, m := range messages {
		if m.link {
			m.target = targets[i]
		}
	}
	return messages, nil
}

// streamInfo treats a stream that was deleted for good as one never written.
func streamInfo(ctx context.Context, l Log, stream string) (log.StreamInfo, error) {
	info, err := l.StreamInfo(ctx, stream)
	if errors.Is(err, eventstore.ErrStreamDeleted) {
		return log.StreamInfo{First: -1, Last: -1}, nil
	}
	if err != nil {
		return log.StreamInfo{}, fmt.Errorf("look at %s: %w", stream, err)
	}
	return info, nil
}
