package door

import (
	"context"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
	"sleutelbos/internal/turns"
)

// reading is one Read call: what the client asks for, and how it wants to get it.
type reading struct {
	door      *Server
	user      User
	stream    string // or "$all"
	direction eventstore.Direction
	resolve   bool
	stringIDs bool
	compat    bool // the client understands stream positions in the response
	filter    filter
	call      streams.Streams_ReadServer
	live      *liveCall
	behind    bool // there is more than a page to read, so that it takes turns, see package turns
}

// piece does a piece of the reading: in a turn if there is much to read, and at once otherwise, as a
// client that follows closely is served.
func (r *reading) piece(ctx context.Context, do func(context.Context) error) error {
	if !r.behind {
		return do(ctx)
	}
	return turns.Do(ctx, do)
}

// readStream reads a page of the stream.
func (r *reading) readStream(ctx context.Context, from int64, limit int) (p log.StreamPage, err error) {
	err = r.piece(ctx, func(ctx context.Context) (err error) {
		p, err = r.door.log.ReadStream(ctx, r.stream, from, r.direction, limit)
		return err
	})
	r.behind = err == nil && !p.AtEnd && limit == page
	return p, err
}

// readAll reads a page of the log.
func (r *reading) readAll(ctx context.Context, beyond eventstore.Position, limit int) (p log.AllPage, err error) {
	err = r.piece(ctx, func(ctx context.Context) (err error) {
		p, err = r.door.log.ReadAll(ctx, r.query(beyond, limit))
		return err
	})
	r.behind = err == nil && !p.AtEnd && limit == page
	return p, err
}

// atATurn is how many events are encoded at a turn, which takes less than a millisecond.
const atATurn = 64

// sendEach encodes events, their links resolved if that was asked, and has each of them sent.
func (r *reading) sendEach(ctx context.Context, events []eventstore.Recorded, each func(e eventstore.Recorded, send func() error) error) error {
	targets, err := r.door.targets(ctx, events, r.resolve, r.user)
	if err != nil {
		return err
	}
	encoded := make([]grpc.PreparedMsg, min(len(events), atATurn))
	for first := 0; first < len(events); first += atATurn {
		some := events[first:min(first+atATurn, len(events))]
		err := r.piece(ctx, func(context.Context) error {
			for i, e := range some {
				if err := encoded[i].Encode(r.call, r.event(e, targets, first+i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, e := range some {
			err := each(e, func() error {
				return r.live.send(func() error { return r.call.SendMsg(&encoded[i]) })
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Server) newReading(o *streams.ReadReq_Options, call streams.Streams_ReadServer) (*reading, error) {
	r := &reading{
		door: s, user: caller(call.Context()), call: call,
		resolve: o.GetResolveLinks(), compat: o.GetControlOption().GetCompatibility() >= 1,
	}
	switch o.GetReadDirection() {
	case streams.ReadReq_Options_Forwards:
	case streams.ReadReq_Options_Backwards:
		r.direction = eventstore.Backwards
	default:
		return nil, invalid("The direction is unknown.")
	}
	switch o.GetUuidOption().GetContent().(type) {
	case *streams.ReadReq_Options_UUIDOption_Structured:
	case *streams.ReadReq_Options_UUIDOption_String_:
		r.stringIDs = true
	default:
		return nil, invalid("A read needs a form for ids.")
	}
	var err error
	switch about := o.GetStreamOption().(type) {
	case *streams.ReadReq_Options_All:
		r.stream = allStream
	case *streams.ReadReq_Options_Stream:
		if r.stream, err = streamName(about.Stream.GetStreamIdentifier()); err != nil {
			return nil, err
		}
		if r.stream == allStream {
			return nil, invalid("$all is read by its own option.")
		}
	default:
		return nil, invalid("A read needs a stream, or all of them.")
	}
	if f := o.GetFilter(); f != nil {
		if r.stream != allStream {
			return nil, invalid("Only $all can be filtered.")
		}
		_, hasStream := f.GetFilter().(*streams.ReadReq_Options_FilterOptions_StreamIdentifier)
		_, hasType := f.GetFilter().(*streams.ReadReq_Options_FilterOptions_EventType)
		expression, err := wanted(hasStream, hasType, f.GetStreamIdentifier(), f.GetEventType())
		if err != nil {
			return nil, err
		}
		r.filter, err = newFilter(expression, f.GetMax(), f.GetCheckpointIntervalMultiplier())
		return r, err
	}
	return r, nil
}

// revision returns where a read of a stream begins; none is true if that is behind the last
// event.
func (r *reading) revision(o *streams.ReadReq_Options_StreamOptions) (from int64, none bool) {
	switch at := o.GetRevisionOption().(type) {
	case *streams.ReadReq_Options_StreamOptions_Revision:
		if at.Revision > math.MaxInt64 { // the greatest is another way to say end
			return math.MaxInt64, r.direction == eventstore.Forwards
		}
		return int64(at.Revision), false
	case *streams.ReadReq_Options_StreamOptions_End:
		return math.MaxInt64, r.direction == eventstore.Forwards
	default:
		return 0, false
	}
}

// beyond returns the position beyond which a read of $all begins. The protocol includes the
// position itself in a read forwards, and excludes it backwards.
func (r *reading) beyond(o *streams.ReadReq_Options_AllOptions) eventstore.Position {
	switch at := o.GetAllOption().(type) {
	case *streams.ReadReq_Options_AllOptions_Position:
		p := at.Position.GetCommitPosition()
		switch {
		case p >= eventstore.End.Commit():
			return eventstore.End
		case r.direction == eventstore.Forwards && p > 0:
			p--
		}
		return eventstore.AtCommit(p)
	case *streams.ReadReq_Options_AllOptions_End:
		return eventstore.End
	default:
		return eventstore.Position{}
	}
}

func (r *reading) send(m *streams.ReadResp) error {
	return r.live.send(func() error { return r.call.Send(m) })
}
