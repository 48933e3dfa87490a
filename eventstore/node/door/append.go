package door

import (
	"context"
	"errors"
	"io"
	"math"

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
	return call.SendAndClose(&streams.AppendResp{Result: &streams.AppendResp_Success_{Success: success(receipt)}})
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

// expecting is what the options of an append, a delete and a tombstone have in common: the
// same oneof, which is generated three times.
type expecting interface {
	GetRevision() uint64
	GetNoStream() *shared.Empty
	GetAny() *shared.Empty
	GetStreamExists() *shared.Empty
}

// expectation reads the expected revision. It looks at the members of the oneof one by one,
// because a revision of zero and a missing one differ only by what is on the wire.
func expectation(o expecting) (eventstore.Expected, error) {
	switch {
	case o.GetNoStream() != nil:
		return eventstore.NoStream, nil
	case o.GetAny() != nil:
		return eventstore.Any, nil
	case o.GetStreamExists() != nil:
		return eventstore.StreamExists, nil
	case !hasRevision(o):
		return 0, invalid("An expected revision is needed.")
	case o.GetRevision() >= math.MaxInt64:
		return 0, invalid("The expected revision is out of range.")
	}
	return eventstore.Expected(o.GetRevision()), nil
}

func hasRevision(o expecting) bool {
	switch o := o.(type) {
	case *streams.AppendReq_Options:
		_, ok := o.GetExpectedStreamRevision().(*streams.AppendReq_Options_Revision)
		return ok
	case *streams.DeleteReq_Options:
		_, ok := o.GetExpectedStreamRevision().(*streams.DeleteReq_Options_Revision)
		return ok
	case *streams.TombstoneReq_Options:
		_, ok := o.GetExpectedStreamRevision().(*streams.TombstoneReq_Options_Revision)
		return ok
	}
	return false
}

func success(r eventstore.Receipt) *streams.AppendResp_Success {
	answer := &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_NoStream{NoStream: &shared.Empty{}},
		PositionOption:        &streams.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}},
	}
	if r.Revision >= 0 {
		answer.CurrentRevisionOption = &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.Revision)}
	}
	if !r.Position.IsZero() { // an append without events has none
		answer.PositionOption = &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
			CommitPosition: r.Position.Commit(), PreparePosition: r.Position.Commit(),
		}}
	}
	return answer
}

// inlineConflict returns a conflict in today's fields and in their _20_6_0 twins, which older
// clients read.
func inlineConflict(c *eventstore.ConflictError) *streams.AppendResp_WrongExpectedVersion {
	empty := &shared.Empty{}
	answer := &streams.AppendResp_WrongExpectedVersion{
		CurrentRevisionOption:        &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: empty},
		CurrentRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: empty},
	}
	if c.Actual >= 0 {
		n := uint64(c.Actual)
		answer.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: n}
		answer.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: n}
	}
	switch c.Expected {
	case eventstore.NoStream: // the old oneof has no case for it
		answer.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: empty}
	case eventstore.Any:
		answer.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: empty}
		answer.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: empty}
	case eventstore.StreamExists:
		answer.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: empty}
		answer.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: empty}
	default:
		n := uint64(c.Expected)
		answer.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: n}
		answer.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: n}
	}
	return answer
}

// Delete hides the events of a stream; a later append brings the stream back.
func (s streamsService) Delete(ctx context.Context, r *streams.DeleteReq) (*streams.DeleteResp, error) {
	if err := s.door.refuseWrite(ctx); err != nil {
		return nil, err
	}
	stream, expected, err := target(r.GetOptions())
	if err != nil {
		return nil, err
	}
	receipt, err := s.door.log.Delete(ctx, stream, expected)
	if err != nil {
		return nil, s.door.failure(ctx, stream, err)
	}
	return &streams.DeleteResp{PositionOption: &streams.DeleteResp_Position_{Position: &streams.DeleteResp_Position{
		CommitPosition: receipt.Position.Commit(), PreparePosition: receipt.Position.Commit(),
	}}}, nil
}

// Tombstone ends a stream for good.
func (s streamsService) Tombstone(ctx context.Context, r *streams.TombstoneReq) (*streams.TombstoneResp, error) {
	if err := s.door.refuseWrite(ctx); err != nil {
		return nil, err
	}
	stream, expected, err := target(r.GetOptions())
	if err != nil {
		return nil, err
	}
	receipt, err := s.door.log.Tombstone(ctx, stream, expected)
	if err != nil {
		return nil, s.door.failure(ctx, stream, err)
	}
	return &streams.TombstoneResp{PositionOption: &streams.TombstoneResp_Position_{Position: &streams.TombstoneResp_Position{
		CommitPosition: receipt.Position.Commit(), PreparePosition: receipt.Position.Commit(),
	}}}, nil
}

// target reads which stream a delete or a tombstone is about, and its expected revision.
func target(o interface {
	expecting
	GetStreamIdentifier() *shared.StreamIdentifier
}) (string, eventstore.Expected, error) {
	stream, err := writableName(o.GetStreamIdentifier())
	if err != nil {
		return "", 0, err
	}
	expected, err := expectation(o)
	return stream, expected, err
}
