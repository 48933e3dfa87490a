package door

import (
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/types/known/emptypb"

	"sleutelbos/eventstore"
)

// response returns the response to one append. An error is a part of it, so that the call goes
// on.
func (a *batchAppend) response(r eventstore.Receipt, err error) *streams.BatchAppendResp {
	answer := &streams.BatchAppendResp{CorrelationId: a.id, StreamIdentifier: identifier(a.stream)}
	switch expected := a.options.GetExpectedStreamPosition().(type) {
	case *streams.BatchAppendReq_Options_StreamPosition:
		answer.ExpectedStreamPosition = &streams.BatchAppendResp_StreamPosition{StreamPosition: expected.StreamPosition}
	case *streams.BatchAppendReq_Options_NoStream:
		answer.ExpectedStreamPosition = &streams.BatchAppendResp_NoStream{NoStream: &emptypb.Empty{}}
	case *streams.BatchAppendReq_Options_Any:
		answer.ExpectedStreamPosition = &streams.BatchAppendResp_Any{Any: &emptypb.Empty{}}
	case *streams.BatchAppendReq_Options_StreamExists:
		answer.ExpectedStreamPosition = &streams.BatchAppendResp_StreamExists{StreamExists: &emptypb.Empty{}}
	}
	if err != nil {
		answer.Result = &streams.BatchAppendResp_Error{Error: a.problem(err)}
		return answer
	}
	done := &streams.BatchAppendResp_Success{
		CurrentRevisionOption: &streams.BatchAppendResp_Success_NoStream{NoStream: &emptypb.Empty{}},
		PositionOption:        &streams.BatchAppendResp_Success_NoPosition{NoPosition: &emptypb.Empty{}},
	}
	if r.Revision >= 0 {
		done.CurrentRevisionOption = &streams.BatchAppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.Revision)}
	}
	if !r.Position.IsZero() {
		done.PositionOption = &streams.BatchAppendResp_Success_Position{Position: &shared.AllStreamPosition{
			CommitPosition: r.Position.Commit(), PreparePosition: r.Position.Commit(),
		}}
	}
	answer.Result = &streams.BatchAppendResp_Success_{Success: done}
	return answer
}
