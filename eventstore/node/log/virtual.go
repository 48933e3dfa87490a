package log

import (
	"context"
	"errors"
	"slices"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// virtual returns the links of a virtual stream, and what shows of it: a link for each event,
// from 0 on.
func (s *Streams) virtual(ctx context.Context, stream string) (kind int64, links index.Linked, info StreamInfo, err error) {
	if !s.pages.writes() {
		return 0, links, info, ErrReadOnly // the newest links are in the writer's memory
	}
	if err := s.pages.file.Alive(ctx); err != nil {
		return 0, links, info, err
	}
	kind = s.pages.memory.Kinds.Committed().Kind(stream)
	links = s.pages.memory.Links.Of(kind)
	if links.Count == 0 {
		return kind, links, StreamInfo{State: StreamMissing, First: -1, Last: -1}, nil
	}
	return kind, links, StreamInfo{State: StreamLive, Last: links.Count - 1}, nil
}

func (s *Streams) readVirtual(ctx context.Context, stream string, from int64, dir eventstore.Direction, limit int) (StreamPage, error) {
	kind, links, info, err := s.virtual(ctx, stream)
	if err != nil {
		return StreamPage{}, err
	}
	page := StreamPage{StreamInfo: info, AtEnd: true}
	low, high := page.window(from, dir)
	if info.State != StreamLive || low > high {
		return page, nil
	}
	start := low
	if dir == eventstore.Backwards {
		start = high
	}
	var targets []index.Target
	err = s.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
		targets, err = links.ByRevision(c, kind, start, dir, min(limit, int(high-low)+1))
		return err
	})
	if err != nil {
		return StreamPage{}, err
	}
	places := make([]logfile.Place, len(targets))
	for i, t := range targets {
		places[i] = t.Place
	}
	events, err := s.pages.at(ctx, places)
	if err != nil {
		return StreamPage{}, err
	}
	page.Events = make([]eventstore.Recorded, len(events))
	for i := range events {
		page.Events[i] = index.LinkTo(&events[i], stream, kind, targets[i].Revision)
	}
	page.goOn(page.Events[len(events)-1].Revision, low, high, dir)
	return page, nil
}

// Resolve returns the targets of links, index by index: the zero Recorded where the target
// does not show or the event is no link. Errors: eventstore.ErrUnavailable.
func (s *Streams) Resolve(ctx context.Context, links []eventstore.Recorded) ([]eventstore.Recorded, error) {
	if err := s.pages.file.Alive(ctx); err != nil {
		return nil, err
	}
	targets := make([]eventstore.Recorded, len(links))
	for i := range links {
		revision, stream, ok := index.ParseLink(&links[i])
		if !ok || index.IsVirtual(stream) {
			continue
		}
		_, info, err := s.look(ctx, stream)
		if errors.Is(err, eventstore.ErrStreamDeleted) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if info.State != StreamLive || revision < info.First || revision > info.Last {
			continue
		}
		if targets[i], err = s.target(ctx, stream, revision, logfile.PlaceOf(links[i].Position)); err != nil {
			return nil, err
		}
	}
	return targets, nil
}

// target returns one event. The links of a virtual stream have it at their own place, near.
func (s *Streams) target(ctx context.Context, stream string, revision int64, near logfile.Place) (eventstore.Recorded, error) {
	if near > 0 && near <= s.pages.memory.Progress.Head() {
		if there := s.pages.memory.Tail.Between(near, near); there != nil && there[0].Stream == stream && there[0].Revision == revision {
			return there[0], nil
		}
	}
	page, err := s.ReadStream(ctx, stream, revision, eventstore.Forwards, 1)
	if err != nil && !errors.Is(err, eventstore.ErrStreamDeleted) {
		return eventstore.Recorded{}, err
	}
	i := slices.IndexFunc(page.Events, func(e eventstore.Recorded) bool { return e.Revision == revision })
	if i < 0 {
		return eventstore.Recorded{}, nil
	}
	return page.Events[i], nil
}
