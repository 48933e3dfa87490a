package door

import (
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"sleutelbos/eventstore"
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
