package door

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"sleutelbos/eventstore"
)

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
