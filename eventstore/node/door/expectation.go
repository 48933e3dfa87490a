package door

import (
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"sleutelbos/eventstore"
)

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
