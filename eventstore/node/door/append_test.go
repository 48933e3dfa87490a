package door_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/door"
)

func appended(revision, position uint64) *streams.AppendResp {
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_CurrentRevision{CurrentRevision: revision},
		PositionOption: &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
			CommitPosition: position, PreparePosition: position,
		}},
	}}}
}

func conflicting(w *streams.AppendResp_WrongExpectedVersion) *streams.AppendResp {
	return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: w}}
}

// TestAppend goes through section 1.4 line by line. Stream "there" has events 1 and 2 at
// positions 1 and 2, "gone" was deleted (3, 4), "ended" tombstoned (5, 6).
func TestAppend(t *testing.T) {
	missing := func(key string) func(*streams.AppendReq_ProposedMessage) {
		return func(m *streams.AppendReq_ProposedMessage) { delete(m.Metadata, key) }
	}
	noMetadata := failing(codes.InvalidArgument, "exception", "missing-required-metadata-property", "required-metadata-properties", "type,content-type")
	invalid := failing(codes.InvalidArgument)
	large := func(m *streams.AppendReq_ProposedMessage) { m.Data = bytes.Repeat([]byte("x"), 5<<20) }
	ended := failing(codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", "ended")

	for _, c := range []struct {
		name    string
		request []*streams.AppendReq
		want    *streams.AppendResp
		fault   fault
	}{
		{"1.4 no_stream on a new stream", []*streams.AppendReq{options("new", noStream), propose(10)}, appended(0, 7), fine},
		{"1.4 any on a new stream", []*streams.AppendReq{options("new", anyState), propose(10), propose(11)}, appended(1, 8), fine},
		{"1.4 the right revision", []*streams.AppendReq{options("there", revision(1)), propose(10)}, appended(2, 7), fine},
		{"1.4 stream_exists on a stream that does", []*streams.AppendReq{options("there", streamExists), propose(10)}, appended(2, 7), fine},
		{"1.4 current_revision is of the last event", []*streams.AppendReq{options("there", anyState), propose(10), propose(11), propose(12)}, appended(4, 9), fine},
		{"1.4 no_stream on a soft-deleted stream is fine, numbering goes on", []*streams.AppendReq{options("gone", noStream), propose(10)}, appended(1, 8), fine},
		{"1.4 an id as string", []*streams.AppendReq{options("new", anyState), propose(10, func(m *streams.AppendReq_ProposedMessage) {
			m.Id = uuidString(id(10).String())
		})}, appended(0, 7), fine},
		{"1.4 empty append on a stream", []*streams.AppendReq{options("there", anyState)},
			appended(1, 6), fine},
		{"1.4 empty append on none", []*streams.AppendReq{options("new", anyState)},
			&streams.AppendResp{Result: &streams.AppendResp_Success_{Success: &streams.AppendResp_Success{
				CurrentRevisionOption: &streams.AppendResp_Success_NoStream{NoStream: empty},
				PositionOption: &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
					CommitPosition: 6, PreparePosition: 6,
				}},
			}}}, fine},

		{"1.4 wrong revision is inline", []*streams.AppendReq{options("there", revision(5)), propose(10)},
			conflicting(&streams.AppendResp_WrongExpectedVersion{
				CurrentRevisionOption:         &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: 1},
				CurrentRevisionOption_20_6_0:  &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: 1},
				ExpectedRevisionOption:        &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: 5},
				ExpectedRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: 5},
			}), fine},
		{"1.4 no_stream on a stream", []*streams.AppendReq{options("there", noStream), propose(10)},
			conflicting(&streams.AppendResp_WrongExpectedVersion{
				CurrentRevisionOption:        &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: 1},
				CurrentRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: 1},
				ExpectedRevisionOption:       &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: empty},
			}), fine},
		{"1.4 stream_exists fails for never written", []*streams.AppendReq{options("new", streamExists), propose(10)},
			conflicting(&streams.AppendResp_WrongExpectedVersion{
				CurrentRevisionOption:         &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: empty},
				CurrentRevisionOption_20_6_0:  &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: empty},
				ExpectedRevisionOption:        &streams.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: empty},
				ExpectedRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: empty},
			}), fine},
		{"1.4 a revision of a stream never written", []*streams.AppendReq{options("new", revision(0)), propose(10)},
			conflicting(&streams.AppendResp_WrongExpectedVersion{
				CurrentRevisionOption:         &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: empty},
				CurrentRevisionOption_20_6_0:  &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: empty},
				ExpectedRevisionOption:        &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: 0},
				ExpectedRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: 0},
			}), fine},

		{"1.4 the same ids again, by revision: the old answer", []*streams.AppendReq{options("there", noStream), propose(1), propose(2)}, appended(1, 2), fine},
		{"1.4 the same ids again, any: the old answer", []*streams.AppendReq{options("there", anyState), propose(1), propose(2)}, appended(1, 2), fine},
		{"1.4 a part of the ids again", []*streams.AppendReq{options("there", noStream), propose(1), propose(10)},
			conflicting(&streams.AppendResp_WrongExpectedVersion{
				CurrentRevisionOption:        &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: 1},
				CurrentRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: 1},
				ExpectedRevisionOption:       &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: empty},
			}), fine},

		{"1.4 tombstoned, any", []*streams.AppendReq{options("ended", anyState), propose(10)}, nil, ended},
		{"1.4 tombstoned is checked first", []*streams.AppendReq{options("ended", revision(99)), propose(10)}, nil, ended},

		{"1.4 no expectation", []*streams.AppendReq{options("new", nothing), propose(10)}, nil, invalid},
		{"1.4 a revision out of range", []*streams.AppendReq{options("new", revision(math.MaxUint64)), propose(10)}, nil, invalid},
		{"1.4 no type", []*streams.AppendReq{options("new", anyState), propose(10, missing("type"))}, nil, noMetadata},
		{"1.4 no content type", []*streams.AppendReq{options("new", anyState), propose(10, missing("content-type"))}, nil, noMetadata},
		{"1.4 no id", []*streams.AppendReq{options("new", anyState), propose(10, func(m *streams.AppendReq_ProposedMessage) { m.Id = nil })}, nil, invalid},
		{"1.4 an id that is none", []*streams.AppendReq{options("new", anyState), propose(10, func(m *streams.AppendReq_ProposedMessage) { m.Id = uuidString("seven") })}, nil, invalid},
		{"1.4 and 1.2 too large, above gRPC's own limit", []*streams.AppendReq{options("new", anyState), propose(10, large), propose(11)}, nil,
			failing(codes.InvalidArgument, "exception", "maximum-append-size-exceeded", "maximum-append-size", "1048576")},
		{"an id of nothing", []*streams.AppendReq{options("new", anyState), propose(10, func(m *streams.AppendReq_ProposedMessage) {
			m.Id = uuidString("00000000-0000-0000-0000-000000000000")
		})}, nil, invalid},
		{"no options", []*streams.AppendReq{propose(10)}, nil, invalid},
		{"nothing at all", nil, nil, invalid},
		{"an empty message", []*streams.AppendReq{options("new", anyState), {}}, nil, invalid},
		{"options twice", []*streams.AppendReq{options("new", anyState), options("new", anyState)}, nil, invalid},
		{"no stream name", []*streams.AppendReq{options("", anyState), propose(10)}, nil, invalid},
		{"to $all", []*streams.AppendReq{options("$all", anyState), propose(10)}, nil, invalid},
		{"to the metadata of metadata", []*streams.AppendReq{options("$$$$a", anyState), propose(10)}, nil, invalid},
		{"a name that is no text", []*streams.AppendReq{options("a\xff", anyState), propose(10)}, nil, invalid},
		{"a forged tombstone", []*streams.AppendReq{options("new", anyState), propose(10, func(m *streams.AppendReq_ProposedMessage) {
			m.Metadata["type"] = "$streamDeleted"
		})}, nil, invalid},
		{"to a computed stream", []*streams.AppendReq{options("$ce-order", anyState), propose(10)}, nil, failing(codes.PermissionDenied, "exception", "access-denied")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := furnished(t)
			got, f := h.append(c.request...)
			same(t, c.fault, f)
			same(t, c.want, got)
		})
	}
}

// furnished is a house with the streams of TestAppend.
func furnished(t *testing.T, changes ...func(*door.Options)) *house {
	t.Helper()
	h := build(t, changes...)
	h.write("there", 1, 2)
	h.write("gone", 3, 1)
	if _, err := h.log.Delete(within(t), "gone", eventstore.Any); err != nil {
		t.Fatal(err)
	}
	h.write("ended", 5, 1)
	if _, err := h.log.Tombstone(within(t), "ended", eventstore.Any); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAppendStoresContentType(t *testing.T) {
	h := build(t)
	h.append(options("a", noStream), propose(1), propose(2, func(m *streams.AppendReq_ProposedMessage) {
		m.Metadata["content-type"] = "text/plain"
	}))
	answers, _ := h.read(request(ofStream("a")))
	var types []string
	for _, m := range answers {
		types = append(types, m.GetEvent().GetEvent().GetMetadata()["content-type"])
	}
	same(t, []string{"application/json", "application/octet-stream"}, types)
}

// TestIdempotentAfterRestart: clients retry with the same ids, also at a new server.
func TestIdempotentAfterRestart(t *testing.T) {
	dir := t.TempDir()
	h := buildIn(t, dir)
	first, _ := h.append(options("a", anyState), propose(1), propose(2))
	h.stop()
	h = buildIn(t, dir)
	again, f := h.append(options("a", anyState), propose(1), propose(2))
	same(t, fine, f)
	same(t, first, again)
}

// TestDelete: errors of Delete and Tombstone are statuses (1.5).
func TestDelete(t *testing.T) {
	wrong := func(stream, expected, actual string) fault {
		return failing(codes.FailedPrecondition, "exception", "wrong-expected-version",
			"stream-name", stream, "expected-version", expected, "actual-version", actual)
	}
	for _, c := range []struct {
		name, stream string
		expect       expect
		position     uint64 // 0 if refused
		fault        fault
	}{
		{"1.5 any", "there", anyState, 7, fine},
		{"1.5 the right revision", "there", revision(1), 7, fine},
		{"1.5 stream_exists", "there", streamExists, 7, fine},
		{"1.5 the wrong revision", "there", revision(7), 0, wrong("there", "7", "1")},
		{"1.5 no_stream on a stream", "there", noStream, 0, wrong("there", "-1", "1")},
		{"1.5 revision of a stream never written", "new", revision(3), 0, wrong("new", "3", "-1")},
		{"1.5 stream_exists of a stream never written", "new", streamExists, 0, wrong("new", "-4", "-1")},
		{"1.8 a name that is not ASCII is percent-encoded", "één %", revision(3), 0, wrong("%C3%A9%C3%A9n %25", "3", "-1")},
		{"1.5 a tombstoned stream", "ended", anyState, 0, failing(codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", "ended")},
		{"no expectation", "there", nothing, 0, failing(codes.InvalidArgument)},
		{"metadata goes with its stream", "$$there", anyState, 0, failing(codes.InvalidArgument)},
	} {
		t.Run(c.name+", delete", func(t *testing.T) {
			t.Parallel()
			h := furnished(t)
			answer, f := h.delete(c.stream, c.expect)
			same(t, c.fault, f)
			same(t, c.position, answer.GetPosition().GetCommitPosition())
			same(t, c.position, answer.GetPosition().GetPreparePosition())
		})
		t.Run(c.name+", tombstone", func(t *testing.T) {
			t.Parallel()
			h := furnished(t)
			answer, f := h.tombstone(c.stream, c.expect)
			same(t, c.fault, f)
			same(t, c.position, answer.GetPosition().GetCommitPosition())
			same(t, c.position, answer.GetPosition().GetPreparePosition())
		})
	}
}

func TestDeleteNeverWritten(t *testing.T) {
	h := build(t)
	_, f := h.delete("new", anyState)
	same(t, failing(codes.FailedPrecondition, "exception", "wrong-expected-version",
		"stream-name", "new", "expected-version", "-2", "actual-version", "-1"), f)
}

func TestSoftDelete(t *testing.T) {
	h := build(t)
	h.write("a", 1, 3)
	h.delete("a", anyState)
	t.Run("1.5 appends the metadata that hides all", func(t *testing.T) {
		answers, _ := h.read(request(ofStream("$$a")))
		same(t, []string{"0@$$a"}, words(answers))
		same(t, `{"$tb":9223372036854775807}`, string(answers[0].GetEvent().GetEvent().GetData()))
	})
	t.Run("1.5 the stream is not found", func(t *testing.T) {
		answers, f := h.read(request(ofStream("a")))
		same(t, fine, f)
		same(t, []string{"not found a"}, words(answers))
	})
	t.Run("1.4 stream_exists fails", func(t *testing.T) {
		_, f := h.append(options("a", streamExists), propose(9))
		same(t, failing(codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", "a"), f)
	})
	t.Run("1.4 numbering goes on, and the events before stay hidden", func(t *testing.T) {
		answer, _ := h.append(options("a", noStream), propose(10))
		same(t, uint64(3), answer.GetSuccess().GetCurrentRevision())
		answers, _ := h.read(request(ofStream("a")))
		same(t, []string{"3@a"}, words(answers))
	})
}

func TestTombstone(t *testing.T) {
	h := build(t)
	h.write("a", 1, 1)
	h.tombstone("a", anyState)
	t.Run("1.5 the last event of the stream in $all", func(t *testing.T) {
		answers, _ := h.read(request(ofAll, backwards, fromEnd, counting(1)))
		same(t, []string{"9223372036854775807@a"}, words(answers))
		same(t, "$streamDeleted", answers[0].GetEvent().GetEvent().GetMetadata()["type"])
	})
	t.Run("1.4 a read is refused", func(t *testing.T) {
		_, f := h.read(request(ofStream("a")))
		same(t, failing(codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", "a"), f)
	})
}
