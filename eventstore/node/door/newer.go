package door

import (
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/encoding/protowire"
)

// The numbers of the fields that newer clients read and the stubs do not have.
const (
	fieldCaughtUpTime      protowire.Number = 1
	fieldCaughtUpRevision  protowire.Number = 2
	fieldCaughtUpPosition  protowire.Number = 3
	fieldCheckpointTime    protowire.Number = 3
	fieldTimeSeconds       protowire.Number = 1
	fieldTimeNanos         protowire.Number = 2
	fieldPositionOfCommit  protowire.Number = 1
	fieldPositionOfPrepare protowire.Number = 2
)

// caughtUp returns the message that the client has seen everything. Newer clients ignore it
// without a time. The stubs do not know that field, so it is added as bytes of the wire.
func (r *reading) caughtUp(field protowire.Number, at int64) *streams.ReadResp {
	m := &streams.ReadResp_CaughtUp{}
	unknown := appendTime(nil, fieldCaughtUpTime, r.door.o.Now())
	if field == fieldCaughtUpPosition {
		var position []byte
		for _, part := range []protowire.Number{fieldPositionOfCommit, fieldPositionOfPrepare} {
			position = protowire.AppendTag(position, part, protowire.VarintType)
			position = protowire.AppendVarint(position, uint64(at))
		}
		unknown = protowire.AppendTag(unknown, field, protowire.BytesType)
		unknown = protowire.AppendBytes(unknown, position)
	} else {
		unknown = protowire.AppendTag(unknown, field, protowire.VarintType)
		unknown = protowire.AppendVarint(unknown, uint64(at))
	}
	m.ProtoReflect().SetUnknown(unknown)
	return &streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: m}}
}

// appendTime appends a google.protobuf.Timestamp.
func appendTime(b []byte, field protowire.Number, t time.Time) []byte {
	var stamp []byte
	stamp = protowire.AppendTag(stamp, fieldTimeSeconds, protowire.VarintType)
	stamp = protowire.AppendVarint(stamp, uint64(t.Unix()))
	stamp = protowire.AppendTag(stamp, fieldTimeNanos, protowire.VarintType)
	stamp = protowire.AppendVarint(stamp, uint64(t.Nanosecond()))
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return protowire.AppendBytes(b, stamp)
}
