package door

import (
	"context"
	"errors"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"sleutelbos/eventstore"
)

// streamsService implements the service streams.Streams.
type streamsService struct {
	streams.UnimplementedStreamsServer
	door *Server
}

var errMissingMetadata = errors.New("a required property of the event's metadata is missing")

// maxDrained is how much of a refused append is read before the refusal is sent.
const maxDrained = 64 << 20

// Append writes the events of one request stream, all or none. Whatever is wrong, it reads
// the request to its end first: a client that gets a response while it still sends reports a
// broken stream instead of the response.
func (s streamsService) Append(call streams.Streams_AppendServer) error {
	ctx := call.Context()
	request, refusal, err := s.receiveAppend(call)
	if err != nil {
		return err
	}
	if err := s.door.refuseWrite(ctx); err != nil {
		return err
	}
	if refusal != nil {
		return s.door.refusedEvent(ctx, refusal)
	}
	receipt, err := s.door.log.Append(ctx, request.stream, request.expected, request.events...)
	if conflict, ok := errors.AsType[*eventstore.ConflictError](err); ok {
		return call.SendAndClose(&streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{
			WrongExpectedVersion: inlineConflict(conflict),
		}})
	}
	if err != nil {
		return s.door.failure(ctx, request.stream, err)
	}
	return call.SendAndClose(&streams.AppendResp{Result: &streams.AppendResp_Success_{Success: success(s.door.placed(receipt))}})
}

// appendRequest is an append as it was received.
type appendRequest struct {
	stream   string
	expected eventstore.Expected
	events   []eventstore.Event
	size     int
}

// receiveAppend reads the whole request. It returns the append, or the reason to refuse it, or
// an error that ends the call at once.
func (s streamsService) receiveAppend(call streams.Streams_AppendServer) (r appendRequest, refusal, err error) {
	first := true
	for read := 0; ; first = false {
		message, err := call.Recv()
		if errors.Is(err, io.EOF) {
			if first {
				refusal = invalid("The append has no options.")
			}
			return r, refusal, nil
		}
		if err != nil {
			return r, nil, err
		}
		if refusal == nil {
			refusal = r.add(message, first, s.door.o.MaxAppendSize)
		} else if read += len(message.GetProposedMessage().GetData()); read > maxDrained {
			return r, nil, s.door.refusedEvent(call.Context(), refusal)
		}
	}
}

// add takes one message of the request. Its error is the reason to refuse the append.
func (r *appendRequest) add(message *streams.AppendReq, first bool, limit int) error {
	switch content := message.GetContent().(type) {
	case *streams.AppendReq_Options_:
		if !first {
			return invalid("The append has its options twice.")
		}
		var err error
		if r.stream, err = writableName(content.Options.GetStreamIdentifier()); err != nil {
			return err
		}
		r.expected, err = expectation(content.Options)
		return err
	case *streams.AppendReq_ProposedMessage_:
		if first {
			return invalid("The append must begin with its options.")
		}
		return r.propose(content.ProposedMessage, limit)
	default:
		return invalid("A message of the append is empty.")
	}
}

func (r *appendRequest) propose(p proposed, limit int) error {
	e, err := event(p)
	if err != nil {
		return err
	}
	if r.size += eventSize(e); r.size > limit {
		r.events = nil
		return eventstore.ErrTooLarge
	}
	r.events = append(r.events, e)
	return nil
}

// refusedEvent returns the status for an error of add.
func (s *Server) refusedEvent(ctx context.Context, err error) error {
	if errors.Is(err, errMissingMetadata) {
		return fail(ctx, codes.InvalidArgument, exceptionMissingMeta, "A required property of the event's metadata is missing.",
			"required-metadata-properties", keyType+","+keyContentType)
	}
	return s.failure(ctx, "", err)
}

// placed gives the receipt of an append of nothing, which the log puts nowhere, the end of the log
// for its position, as EventStoreDB does.
func (s *Server) placed(r eventstore.Receipt) eventstore.Receipt {
	if r.Position.IsZero() {
		r.Position = s.log.Head()
	}
	return r
}

func success(r eventstore.Receipt) *streams.AppendResp_Success {
	answer := &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_NoStream{NoStream: &shared.Empty{}},
		PositionOption:        &streams.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}},
	}
	if r.Revision >= 0 {
		answer.CurrentRevisionOption = &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.Revision)}
	}
	if !r.Position.IsZero() { // an append of nothing to an empty log has none
		answer.PositionOption = &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
			CommitPosition: r.Position.Commit(), PreparePosition: r.Position.Commit(),
		}}
	}
	return answer
}
