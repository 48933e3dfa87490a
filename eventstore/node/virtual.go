package node

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// virtualInfo answers what shows of a virtual stream: a link for each event, from 0 on.
func (l *Log) virtualInfo(ctx context.Context, stream string) (StreamInfo, error) {
	if l.writer == nil {
		return StreamInfo{}, ErrReadOnly // the newest links are in the writer's memory
	}
	if err := l.alive(ctx); err != nil {
		return StreamInfo{}, err
	}
	_, k := l.virtual(stream)
	if k.count == 0 {
		return StreamInfo{State: StreamMissing, First: -1, Last: -1}, nil
	}
	return StreamInfo{State: StreamLive, Last: k.count - 1}, nil
}

func (l *Log) virtual(stream string) (int64, linked) {
	kid := l.kinds.shared.Load().ids[stream]
	return kid, l.links.get(kid)
}

func (l *Log) readVirtual(ctx context.Context, stream string, from int64, dir eventstore.Direction, limit int) (StreamPage, error) {
	info, err := l.virtualInfo(ctx, stream)
	if err != nil {
		return StreamPage{}, err
	}
	page := StreamPage{StreamInfo: info, AtEnd: true}
	low, high := page.window(from, dir)
	if info.State != StreamLive || low > high {
		return page, nil
	}
	kid, k := l.virtual(stream)
	start := low
	if dir == eventstore.Backwards {
		start = high
	}
	var places []linkPlace
	err = l.reading(ctx, func(c *sqlitex.Conn) error {
		places, err = k.byRevision(c, kid, start, dir, min(limit, int(high-low)+1))
		return err
	})
	if err != nil {
		return StreamPage{}, err
	}
	targets := make([]place, len(places))
	for i, p := range places {
		targets[i] = p.target
	}
	events, err := l.at(ctx, targets)
	if err != nil {
		return StreamPage{}, err
	}
	page.Events = make([]eventstore.Recorded, len(events))
	for i := range events {
		page.Events[i] = link(stream, kid, places[i].revision, &events[i])
	}
	page.goOn(page.Events[len(events)-1].Revision, low, high, dir)
	return page, nil
}

// link answers the link event to a target. It stands where its target stands.
func link(stream string, kid, revision int64, target *eventstore.Recorded) eventstore.Recorded {
	data := strconv.AppendInt(make([]byte, 0, len(target.Stream)+20), target.Revision, 10)
	data = append(append(data, '@'), target.Stream...)
	// The same link has the same id whenever it is read.
	id := target.ID
	binary.BigEndian.PutUint32(id[:4], binary.BigEndian.Uint32(id[:4])^uint32(kid)*0x9e3779b1) // a mix, the top bits may go
	return eventstore.Recorded{
		Event:  eventstore.Event{ID: linkID(id), Type: TypeLink, Data: data, Binary: true},
		Stream: stream, Revision: revision, Position: target.Position, Created: target.Created,
	}
}

// linkID marks an id as one of its own making (version 8), so that it is none of an event.
func linkID(id uuid.UUID) uuid.UUID {
	id[6] = id[6]&0x0f | 0x80
	return id
}

// parseLink reads "revision@stream".
func parseLink(e *eventstore.Recorded) (revision int64, stream string, ok bool) {
	number, stream, ok := strings.Cut(string(e.Data), "@")
	revision, err := strconv.ParseInt(number, 10, 64)
	return revision, stream, e.Type == TypeLink && ok && err == nil && revision >= 0 && stream != ""
}

// Resolve answers the targets of links, index by index: the zero Recorded where the target
// does not show or the event is no link. Errors: eventstore.ErrUnavailable.
func (l *Log) Resolve(ctx context.Context, links []eventstore.Recorded) ([]eventstore.Recorded, error) {
	if err := l.alive(ctx); err != nil {
		return nil, err
	}
	targets := make([]eventstore.Recorded, len(links))
	for i := range links {
		revision, stream, ok := parseLink(&links[i])
		if !ok || isVirtual(stream) {
			continue
		}
		_, info, err := l.look(ctx, stream)
		if errors.Is(err, eventstore.ErrStreamDeleted) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if info.State != StreamLive || revision < info.First || revision > info.Last {
			continue
		}
		if targets[i], err = l.target(ctx, stream, revision, placeOf(links[i].Position)); err != nil {
			return nil, err
		}
	}
	return targets, nil
}

// target answers one event, which the links of a virtual stream have at their own position.
func (l *Log) target(ctx context.Context, stream string, revision int64, near place) (eventstore.Recorded, error) {
	if near > 0 && near <= placeOf(l.Head()) {
		if there := l.tail.between(near, near); there != nil && there[0].Stream == stream && there[0].Revision == revision {
			return there[0], nil
		}
	}
	page, err := l.ReadStream(ctx, stream, revision, eventstore.Forwards, 1)
	if err != nil && !errors.Is(err, eventstore.ErrStreamDeleted) {
		return eventstore.Recorded{}, err
	}
	i := slices.IndexFunc(page.Events, func(e eventstore.Recorded) bool { return e.Revision == revision })
	if i < 0 {
		return eventstore.Recorded{}, nil
	}
	return page.Events[i], nil
}
