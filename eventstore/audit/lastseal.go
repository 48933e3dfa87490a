package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/storedjson"
)

// monthly is the form of what follows StreamPrefix in the name of a stream of seals.
const monthly = "2006-01"

// mostMonths is in how many months the last seal is looked for. An older one is met when the log is read
// from its start.
const mostMonths = 120

// newerSeal says that the log holds a seal beyond the one that was taken for its last.
type newerSeal struct{ record eventstore.Recorded }

func (*newerSeal) Error() string { return "the log holds a newer seal" }

// lastSeal returns the newest seal in the log, which is no older than one that was met. It looks at the
// ends of the streams in which it can be, month by month: a store that can't filter would read its
// whole log. Whoever reads on from the seal meets a newer one, should there be one elsewhere.
func (s *Sealer) lastSeal(ctx context.Context, met *eventstore.Recorded) (sealed Sealed, tail sealTail, found bool, err error) {
	streams, err := s.sealStreams(ctx)
	if err != nil {
		return Sealed{}, sealTail{}, false, err
	}
	last := met
	tail.after = map[string]int64{}
	for _, stream := range streams {
		r, next, there, err := s.endOf(ctx, stream)
		tail.after[stream] = next
		if err != nil {
			return Sealed{}, sealTail{}, false, err
		}
		if there {
			if last == nil || r.Position.After(last.Position) {
				last = &r
			}
			break
		}
	}
	if last == nil {
		return Sealed{}, tail, false, nil
	}
	if last.Type != SealedName || storedjson.Unmarshal(last.Data, &sealed) != nil {
		return Sealed{}, sealTail{}, false, fmt.Errorf("%s revision %d is no seal: %w", last.Stream, last.Revision, ErrNotAsSealed)
	}
	tail.stream, tail.position = last.Stream, last.Position
	tail.after[last.Stream] = max(tail.after[last.Stream], last.Revision+1)
	return sealed, tail, true, nil
}

// endOf returns the last event of a stream that is not passed over, and false if there is none that
// shows. The revision is that of the next event of the stream.
func (s *Sealer) endOf(ctx context.Context, stream string) (last eventstore.Recorded, next int64, there bool, err error) {
	for r, err := range s.Journal.Store.ReadStream(ctx, stream, eventstore.LastRevision, eventstore.Backwards) {
		if errors.Is(err, eventstore.ErrStreamDeleted) {
			return r, next, false, nil // the verification tells of it
		}
		if err != nil {
			return r, next, false, err
		}
		next = max(next, r.Revision+1)
		if over, err := s.Journal.Registry.PassedOver(ctx, r); err != nil || !over {
			return r, next, err == nil, err
		}
	}
	return eventstore.Recorded{}, next, false, nil
}

// sealStreams returns the streams in which the last seal can be, the newest first: from this month, or a
// later one of which is known because the clock was set back, to that of a seal which is known, or
// of the first event.
func (s *Sealer) sealStreams(ctx context.Context) ([]string, error) {
	newest, oldest := StreamPrefix+s.time().Format(monthly), s.tail.stream
	outside, found, err := Newest(s.Dir, []string{s.Key.Public})
	if err != nil {
		return nil, err
	}
	if found {
		oldest = max(oldest, outside.Stream)
	}
	if oldest == "" {
		for first, err := range s.Journal.Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
			if err != nil {
				return nil, err
			}
			oldest = StreamPrefix + first.Created.UTC().Format(monthly)
			break
		}
	}
	return monthsBack(max(newest, oldest), min(newest, oldest)), nil
}

func monthsBack(newest, oldest string) []string {
	streams := []string{newest}
	month, err := time.Parse(monthly, strings.TrimPrefix(newest, StreamPrefix))
	for err == nil && len(streams) < mostMonths && streams[len(streams)-1] > oldest {
		month = month.AddDate(0, -1, 0)
		streams = append(streams, StreamPrefix+month.Format(monthly))
	}
	return streams
}

// newerThan returns the last seal beyond a position and beyond the last known one, or nil.
func (s *Sealer) newerThan(ctx context.Context, position eventstore.Position) (newer *eventstore.Recorded, err error) {
	for r, err := range s.Journal.Store.ReadAll(ctx, position, eventstore.Forwards, eventstore.Filter{Streams: []string{StreamPrefix}}) {
		if err != nil {
			return nil, err
		}
		over, err := s.Journal.Registry.PassedOver(ctx, r)
		if err != nil {
			return nil, err
		}
		if !over && r.Position.After(s.tail.position) {
			newer = &r
		}
	}
	return newer, nil
}
