package door_test

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

func orEOF(err error, trailer metadata.MD) fault {
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return faultOf(err, trailer)
}

// batchCall is a BatchAppend under way.
type batchCall struct {
	t    *testing.T
	call streams.Streams_BatchAppendClient
}

func (h *house) batch() batchCall {
	h.t.Helper()
	call, err := h.streams.BatchAppend(within(h.t))
	if err != nil {
		h.t.Fatal(err)
	}
	return batchCall{t: h.t.(*testing.T), call: call}
}

func inBatch(events ...*streams.AppendReq) []*streams.BatchAppendReq_ProposedMessage {
	var all []*streams.BatchAppendReq_ProposedMessage
	for _, e := range events {
		p := e.GetProposedMessage()
		all = append(all, &streams.BatchAppendReq_ProposedMessage{
			Id: p.GetId(), Metadata: p.GetMetadata(), CustomMetadata: p.GetCustomMetadata(), Data: p.GetData(),
		})
	}
	return all
}

var emptyPB = &emptypb.Empty{}

// send sends a whole append, expecting any.
func (b batchCall) send(correlation int, stream string, final bool, events ...*streams.AppendReq) {
	b.t.Helper()
	b.sendAs(correlation, &streams.BatchAppendReq_Options{
		StreamIdentifier: named(stream), ExpectedStreamPosition: &streams.BatchAppendReq_Options_Any{Any: emptyPB},
	}, final, events...)
}

func (b batchCall) sendAs(correlation int, o *streams.BatchAppendReq_Options, final bool, events ...*streams.AppendReq) {
	b.t.Helper()
	err := b.call.Send(&streams.BatchAppendReq{
		CorrelationId: structured(id(correlation)), Options: o, ProposedMessages: inBatch(events...), IsFinal: final,
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b batchCall) recv() *streams.BatchAppendResp {
	b.t.Helper()
	m, err := b.call.Recv()
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func packed(t *testing.T, code codes.Code, message string, detail proto.Message) *streams.BatchAppendResp_Error {
	t.Helper()
	p, err := anypb.New(detail)
	if err != nil {
		t.Fatal(err)
	}
	return &streams.BatchAppendResp_Error{Error: &rpcstatus.Status{Code: int32(code), Message: message, Details: []*anypb.Any{p}}}
}

// TestBatchAppend goes through BatchAppend in 1.4.
func TestBatchAppend(t *testing.T) {
	anyOf := func(stream string) *streams.BatchAppendReq_Options {
		return &streams.BatchAppendReq_Options{StreamIdentifier: named(stream), ExpectedStreamPosition: &streams.BatchAppendReq_Options_Any{Any: emptyPB}}
	}
	at := func(stream string, n uint64) *streams.BatchAppendReq_Options {
		return &streams.BatchAppendReq_Options{StreamIdentifier: named(stream), ExpectedStreamPosition: &streams.BatchAppendReq_Options_StreamPosition{StreamPosition: n}}
	}
	within := func(o *streams.BatchAppendReq_Options, d time.Duration) *streams.BatchAppendReq_Options {
		o.DeadlineOption = &streams.BatchAppendReq_Options_Deadline{Deadline: durationpb.New(d)}
		return o
	}
	before := func(o *streams.BatchAppendReq_Options, at time.Time) *streams.BatchAppendReq_Options {
		o.DeadlineOption = &streams.BatchAppendReq_Options_Deadline_21_10_0{Deadline_21_10_0: timestamppb.New(at)}
		return o
	}
	ok := func(revision, position uint64) *streams.BatchAppendResp_Success_ {
		return &streams.BatchAppendResp_Success_{Success: &streams.BatchAppendResp_Success{
			CurrentRevisionOption: &streams.BatchAppendResp_Success_CurrentRevision{CurrentRevision: revision},
			PositionOption: &streams.BatchAppendResp_Success_Position{Position: &shared.AllStreamPosition{
				CommitPosition: position, PreparePosition: position,
			}},
		}}
	}
	anyEcho := &streams.BatchAppendResp_Any{Any: emptyPB}
	timeout := packed(t, codes.DeadlineExceeded, "Timeout", &shared.Timeout{})
	large := func(m *streams.AppendReq_ProposedMessage) { m.Data = make([]byte, 1<<20+1) }
	untyped := func(m *streams.AppendReq_ProposedMessage) { delete(m.Metadata, "type") }

	for _, c := range []struct {
		name   string
		o      *streams.BatchAppendReq_Options
		events []*streams.AppendReq
		want   *streams.BatchAppendResp
	}{
		{"1.4 batch, success echoes correlation, stream and expectation", anyOf("new"), []*streams.AppendReq{propose(10), propose(11)},
			&streams.BatchAppendResp{Result: ok(1, 8), ExpectedStreamPosition: anyEcho}},
		{"1.4 batch, wrong version", at("there", 5), []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{
				Result: packed(t, codes.AlreadyExists, "WrongExpectedVersion", &shared.WrongExpectedVersion{
					CurrentStreamRevisionOption:  &shared.WrongExpectedVersion_CurrentStreamRevision{CurrentStreamRevision: 1},
					ExpectedStreamPositionOption: &shared.WrongExpectedVersion_ExpectedStreamPosition{ExpectedStreamPosition: 5},
				}),
				ExpectedStreamPosition: &streams.BatchAppendResp_StreamPosition{StreamPosition: 5},
			}},
		{"1.4 batch, tombstoned", anyOf("ended"), []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{
				Result:                 packed(t, codes.NotFound, "StreamDeleted", &shared.StreamDeleted{StreamIdentifier: named("ended")}),
				ExpectedStreamPosition: anyEcho,
			}},
		{"1.4 batch, too large", anyOf("new"), []*streams.AppendReq{propose(10, large)},
			&streams.BatchAppendResp{
				Result:                 packed(t, codes.InvalidArgument, "MaximumAppendSizeExceeded", &shared.MaximumAppendSizeExceeded{MaxAppendSize: 1 << 20}),
				ExpectedStreamPosition: anyEcho,
			}},
		{"1.4 batch, no type", anyOf("new"), []*streams.AppendReq{propose(10, untyped)},
			&streams.BatchAppendResp{
				Result:                 packed(t, codes.InvalidArgument, "BadRequest", &shared.BadRequest{Message: "Required metadata properties: type,content-type"}),
				ExpectedStreamPosition: anyEcho,
			}},
		{"1.4 batch, an id of nothing", anyOf("new"), []*streams.AppendReq{propose(10, func(m *streams.AppendReq_ProposedMessage) {
			m.Id = uuidString("00000000-0000-0000-0000-000000000000")
		})},
			&streams.BatchAppendResp{
				Result:                 packed(t, codes.InvalidArgument, "BadRequest", &shared.BadRequest{Message: "the append makes no sense: an event has no id"}),
				ExpectedStreamPosition: anyEcho,
			}},
		{"1.4 batch, no expectation", &streams.BatchAppendReq_Options{StreamIdentifier: named("new")}, []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{Result: packed(t, codes.InvalidArgument, "BadRequest", &shared.BadRequest{Message: "An expected revision is needed."})}},
		{"1.4 batch, a computed stream", anyOf("$ce-order"), []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{Result: packed(t, codes.PermissionDenied, "AccessDenied", &shared.AccessDenied{}), ExpectedStreamPosition: anyEcho}},
		{"1.4 batch, a duration that is over", within(anyOf("new"), -time.Second), []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{Result: timeout, ExpectedStreamPosition: anyEcho}},
		{"1.4 batch, a time that is past", before(anyOf("new"), noon.AddDate(-20, 0, 0)), []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{Result: timeout, ExpectedStreamPosition: anyEcho}},
		{"1.4 batch, a duration that is not over", within(anyOf("new"), time.Minute), []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{Result: ok(0, 7), ExpectedStreamPosition: anyEcho}},
		{"1.4 batch, the same ids again", at("there", 1), []*streams.AppendReq{propose(10)},
			&streams.BatchAppendResp{Result: ok(2, 7), ExpectedStreamPosition: &streams.BatchAppendResp_StreamPosition{StreamPosition: 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := furnished(t).batch()
			b.sendAs(99, c.o, true, c.events...)
			c.want.CorrelationId, c.want.StreamIdentifier = structured(id(99)), c.o.GetStreamIdentifier()
			same(t, c.want, b.recv())
		})
	}
}

func TestBatchInParts(t *testing.T) {
	h := build(t)
	b := h.batch()
	b.send(1, "a", false, propose(1))
	b.send(2, "b", false, propose(2))
	b.sendAs(1, nil, false, propose(3))
	b.sendAs(2, nil, true)
	same(t, uint64(0), b.recv().GetSuccess().GetCurrentRevision())
	b.sendAs(1, nil, true, propose(4))
	same(t, uint64(2), b.recv().GetSuccess().GetCurrentRevision())
	if err := b.call.CloseSend(); err != nil {
		t.Fatal(err)
	}
	_, err := b.call.Recv()
	same(t, fine, orEOF(err, b.call.Trailer()))
}

// TestBatchFlood: many appends at once, every one answered, none lost or doubled.
func TestBatchFlood(t *testing.T) {
	h := build(t)
	b := h.batch()
	const n = 3000
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			err := b.call.Send(&streams.BatchAppendReq{
				CorrelationId: structured(id(i)), IsFinal: true, ProposedMessages: inBatch(propose(i)),
				Options: &streams.BatchAppendReq_Options{StreamIdentifier: named("a"), ExpectedStreamPosition: &streams.BatchAppendReq_Options_Any{Any: emptyPB}},
			})
			if err != nil {
				sent <- err
				return
			}
		}
		sent <- b.call.CloseSend()
	}()
	answered := map[uint64]bool{}
	for range n {
		answered[b.recv().GetSuccess().GetCurrentRevision()] = true
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	same(t, n, len(answered))
	info, err := h.log.StreamInfo(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	same(t, int64(n-1), info.Last)
}
