package door

import (
	"context"
	"errors"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
	"sleutelbos/eventstore/node/logfile"
)

// problem returns the error of an append in a batch, as a part of the response.
func (a *batchAppend) problem(err error) *rpcstatus.Status {
	code, message, detail := a.describe(err)
	answer := &rpcstatus.Status{Code: int32(code), Message: message}
	packed, err := anypb.New(detail)
	if err != nil { // our own messages pack; without detail clients still have the code
		return answer
	}
	answer.Details = []*anypb.Any{packed}
	return answer
}

func (a *batchAppend) describe(err error) (codes.Code, string, proto.Message) {
	if conflict, ok := errors.AsType[*eventstore.ConflictError](err); ok {
		return codes.AlreadyExists, "WrongExpectedVersion", packedConflict(conflict)
	}
	switch {
	case errors.Is(err, eventstore.ErrStreamDeleted):
		return codes.NotFound, "StreamDeleted", &shared.StreamDeleted{StreamIdentifier: identifier(a.stream)}
	case errors.Is(err, errNoWrites), errors.Is(err, log.ErrVirtualStream), errors.Is(err, log.ErrReadOnly):
		return codes.PermissionDenied, "AccessDenied", &shared.AccessDenied{}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.Is(err, eventstore.ErrUnavailable), errors.Is(err, logfile.ErrClosed):
		return codes.DeadlineExceeded, "Timeout", &shared.Timeout{} // the outcome is unknown
	case errors.Is(err, eventstore.ErrTooLarge):
		return codes.InvalidArgument, "MaximumAppendSizeExceeded", &shared.MaximumAppendSizeExceeded{MaxAppendSize: uint32(a.limit)}
	case errors.Is(err, log.ErrInvalid):
		return codes.InvalidArgument, "BadRequest", &shared.BadRequest{Message: err.Error()}
	case errors.Is(err, errMissingMetadata):
		return codes.InvalidArgument, "BadRequest", &shared.BadRequest{
			Message: "Required metadata properties: " + keyType + "," + keyContentType,
		}
	}
	if s, ok := status.FromError(err); ok && s.Code() == codes.InvalidArgument {
		return codes.InvalidArgument, "BadRequest", &shared.BadRequest{Message: s.Message()}
	}
	return codes.Unknown, "Unknown", &shared.Unknown{}
}

func packedConflict(c *eventstore.ConflictError) *shared.WrongExpectedVersion {
	answer := &shared.WrongExpectedVersion{
		CurrentStreamRevisionOption: &shared.WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &emptypb.Empty{}},
	}
	if c.Actual >= 0 {
		answer.CurrentStreamRevisionOption = &shared.WrongExpectedVersion_CurrentStreamRevision{CurrentStreamRevision: uint64(c.Actual)}
	}
	switch c.Expected {
	case eventstore.NoStream:
		answer.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: &emptypb.Empty{}}
	case eventstore.Any:
		answer.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedAny{ExpectedAny: &emptypb.Empty{}}
	case eventstore.StreamExists:
		answer.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: &emptypb.Empty{}}
	default:
		answer.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedStreamPosition{ExpectedStreamPosition: uint64(c.Expected)}
	}
	return answer
}
