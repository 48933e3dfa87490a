package door_test

import (
	"context"
	"errors"
	"io"
	"strconv"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
)

// fault is an error as it came over the wire: its status and its trailers.
type fault struct {
	Code    codes.Code
	Trailer map[string]string
}

func faultOf(err error, trailer metadata.MD) fault {
	f := fault{Code: status.Code(err), Trailer: map[string]string{}}
	for k, v := range trailer {
		if k != "content-type" && len(v) == 1 {
			f.Trailer[k] = v[0]
		}
	}
	return f
}

// failing is a fault with pairs of trailers.
func failing(code codes.Code, pairs ...string) fault {
	f := fault{Code: code, Trailer: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Trailer[pairs[i]] = pairs[i+1]
	}
	return f
}

var fine = failing(codes.OK)

func same[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("not as expected (-want +got):\n%s", diff)
	}
}

// expect puts an expectation into the options of an append.
type expect func(*streams.AppendReq_Options)

func revision(n uint64) expect {
	return func(o *streams.AppendReq_Options) {
		o.ExpectedStreamRevision = &streams.AppendReq_Options_Revision{Revision: n}
	}
}
func noStream(o *streams.AppendReq_Options) {
	o.ExpectedStreamRevision = &streams.AppendReq_Options_NoStream{NoStream: empty}
}
func anyState(o *streams.AppendReq_Options) {
	o.ExpectedStreamRevision = &streams.AppendReq_Options_Any{Any: empty}
}
func streamExists(o *streams.AppendReq_Options) {
	o.ExpectedStreamRevision = &streams.AppendReq_Options_StreamExists{StreamExists: empty}
}
func nothing(*streams.AppendReq_Options) {}

func options(stream string, e expect) *streams.AppendReq {
	o := &streams.AppendReq_Options{StreamIdentifier: named(stream)}
	e(o)
	return &streams.AppendReq{Content: &streams.AppendReq_Options_{Options: o}}
}

// propose is a proposed event with the n-th id.
func propose(n int, change ...func(*streams.AppendReq_ProposedMessage)) *streams.AppendReq {
	m := &streams.AppendReq_ProposedMessage{
		Id: structured(id(n)), Data: []byte(`{}`), CustomMetadata: []byte(`{}`),
		Metadata: map[string]string{"type": "tested", "content-type": "application/json"},
	}
	for _, c := range change {
		c(m)
	}
	return &streams.AppendReq{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: m}}
}

// append sends the messages as one append.
func (h *house) append(messages ...*streams.AppendReq) (*streams.AppendResp, fault) {
	h.t.Helper()
	call, err := h.streams.Append(within(h.t))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, m := range messages {
		if err := call.Send(m); err != nil {
			h.t.Fatalf("the server broke off before the request was sent: %v", err)
		}
	}
	answer, err := call.CloseAndRecv()
	return answer, faultOf(err, call.Trailer())
}

// request is a read of a stream or of all, changed as the test likes.
func request(change ...func(*streams.ReadReq_Options)) *streams.ReadReq {
	o := &streams.ReadReq_Options{
		CountOption:  &streams.ReadReq_Options_Count{Count: 1000},
		FilterOption: &streams.ReadReq_Options_NoFilter{NoFilter: empty},
		UuidOption:   &streams.ReadReq_Options_UUIDOption{Content: &streams.ReadReq_Options_UUIDOption_Structured{Structured: empty}},
	}
	for _, c := range change {
		c(o)
	}
	return &streams.ReadReq{Options: o}
}

func ofStream(name string) func(*streams.ReadReq_Options) {
	return func(o *streams.ReadReq_Options) {
		o.StreamOption = &streams.ReadReq_Options_Stream{Stream: &streams.ReadReq_Options_StreamOptions{
			StreamIdentifier: named(name),
			RevisionOption:   &streams.ReadReq_Options_StreamOptions_Start{Start: empty},
		}}
	}
}

func fromRevision(n uint64) func(*streams.ReadReq_Options) {
	return func(o *streams.ReadReq_Options) {
		o.GetStream().RevisionOption = &streams.ReadReq_Options_StreamOptions_Revision{Revision: n}
	}
}

func ofAll(o *streams.ReadReq_Options) {
	o.StreamOption = &streams.ReadReq_Options_All{All: &streams.ReadReq_Options_AllOptions{
		AllOption: &streams.ReadReq_Options_AllOptions_Start{Start: empty},
	}}
}

func fromPosition(n uint64) func(*streams.ReadReq_Options) {
	return func(o *streams.ReadReq_Options) {
		o.GetAll().AllOption = &streams.ReadReq_Options_AllOptions_Position{
			Position: &streams.ReadReq_Options_Position{CommitPosition: n, PreparePosition: n},
		}
	}
}

func fromEnd(o *streams.ReadReq_Options) {
	if o.GetAll() != nil {
		o.GetAll().AllOption = &streams.ReadReq_Options_AllOptions_End{End: empty}
		return
	}
	o.GetStream().RevisionOption = &streams.ReadReq_Options_StreamOptions_End{End: empty}
}

func backwards(o *streams.ReadReq_Options) { o.ReadDirection = streams.ReadReq_Options_Backwards }
func resolved(o *streams.ReadReq_Options)  { o.ResolveLinks = true }
func stringIDs(o *streams.ReadReq_Options) {
	o.UuidOption.Content = &streams.ReadReq_Options_UUIDOption_String_{String_: empty}
}
func compatible(o *streams.ReadReq_Options) {
	o.ControlOption = &streams.ReadReq_Options_ControlOption{Compatibility: 1}
}
func following(o *streams.ReadReq_Options) {
	o.CountOption = &streams.ReadReq_Options_Subscription{Subscription: &streams.ReadReq_Options_SubscriptionOptions{}}
}
func counting(n uint64) func(*streams.ReadReq_Options) {
	return func(o *streams.ReadReq_Options) { o.CountOption = &streams.ReadReq_Options_Count{Count: n} }
}

// byPrefix filters $all by stream name.
func byPrefix(window, multiplier uint32, prefixes ...string) func(*streams.ReadReq_Options) {
	return filtered(window, multiplier, false, &streams.ReadReq_Options_FilterOptions_Expression{Prefix: prefixes})
}

func filtered(window, multiplier uint32, byType bool, e *streams.ReadReq_Options_FilterOptions_Expression) func(*streams.ReadReq_Options) {
	f := &streams.ReadReq_Options_FilterOptions{
		CheckpointIntervalMultiplier: multiplier,
		Window:                       &streams.ReadReq_Options_FilterOptions_Max{Max: window},
		Filter:                       &streams.ReadReq_Options_FilterOptions_StreamIdentifier{StreamIdentifier: e},
	}
	if byType {
		f.Filter = &streams.ReadReq_Options_FilterOptions_EventType{EventType: e}
	}
	if window == 0 {
		f.Window = &streams.ReadReq_Options_FilterOptions_Count{Count: empty}
	}
	return func(o *streams.ReadReq_Options) { o.FilterOption = &streams.ReadReq_Options_Filter{Filter: f} }
}

// read returns all messages of a read that ends.
func (h *house) read(r *streams.ReadReq) ([]*streams.ReadResp, fault) {
	h.t.Helper()
	call, err := h.streams.Read(within(h.t), r)
	if err != nil {
		h.t.Fatal(err)
	}
	var answers []*streams.ReadResp
	for {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return answers, faultOf(nil, call.Trailer())
		}
		if err != nil {
			return answers, faultOf(err, call.Trailer())
		}
		answers = append(answers, m)
	}
}

// follow begins a subscription; its context ends with the test.
func (h *house) follow(change ...func(*streams.ReadReq_Options)) streams.Streams_ReadClient {
	h.t.Helper()
	return h.followIn(within(h.t), change...)
}

func (h *house) followIn(ctx context.Context, change ...func(*streams.ReadReq_Options)) streams.Streams_ReadClient {
	h.t.Helper()
	call, err := h.streams.Read(ctx, request(append(change, following)...))
	if err != nil {
		h.t.Fatal(err)
	}
	return call
}

// inWords is a message of a read, short enough to compare rows of them.
func inWords(m *streams.ReadResp) string {
	switch c := m.GetContent().(type) {
	case *streams.ReadResp_Event:
		words := "gone"
		if e := c.Event.GetEvent(); e != nil {
			words = inShort(e)
		}
		if l := c.Event.GetLink(); l != nil {
			words += " by " + inShort(l)
		}
		return words
	case *streams.ReadResp_Confirmation:
		return "confirmation"
	case *streams.ReadResp_Checkpoint_:
		return "checkpoint " + number(c.Checkpoint.GetCommitPosition())
	case *streams.ReadResp_StreamNotFound_:
		return "not found " + string(c.StreamNotFound.GetStreamIdentifier().GetStreamName())
	case *streams.ReadResp_FirstStreamPosition:
		return "first " + number(c.FirstStreamPosition)
	case *streams.ReadResp_LastStreamPosition:
		return "last " + number(c.LastStreamPosition)
	case *streams.ReadResp_CaughtUp_:
		return "caught up"
	default:
		return "unknown"
	}
}

func inShort(e *streams.ReadResp_ReadEvent_RecordedEvent) string {
	return number(e.GetStreamRevision()) + "@" + string(e.GetStreamIdentifier().GetStreamName())
}

func words(messages []*streams.ReadResp) []string {
	var all []string
	for _, m := range messages {
		all = append(all, inWords(m))
	}
	return all
}

// take receives until the wanted messages came, and compares.
func take(t *testing.T, call streams.Streams_ReadClient, want ...string) {
	t.Helper()
	var got []string
	for range want {
		m, err := call.Recv()
		if err != nil {
			t.Fatalf("after %v: %v", got, err)
		}
		got = append(got, inWords(m))
	}
	same(t, want, got)
}

func uuidString(u string) *shared.UUID { return &shared.UUID{Value: &shared.UUID_String_{String_: u}} }

func number(n uint64) string { return strconv.FormatUint(n, 10) }

func (h *house) delete(stream string, e expect) (*streams.DeleteResp, fault) {
	h.t.Helper()
	from := &streams.AppendReq_Options{}
	e(from)
	o := &streams.DeleteReq_Options{StreamIdentifier: named(stream)}
	switch x := from.GetExpectedStreamRevision().(type) {
	case *streams.AppendReq_Options_Revision:
		o.ExpectedStreamRevision = &streams.DeleteReq_Options_Revision{Revision: x.Revision}
	case *streams.AppendReq_Options_NoStream:
		o.ExpectedStreamRevision = &streams.DeleteReq_Options_NoStream{NoStream: empty}
	case *streams.AppendReq_Options_Any:
		o.ExpectedStreamRevision = &streams.DeleteReq_Options_Any{Any: empty}
	case *streams.AppendReq_Options_StreamExists:
		o.ExpectedStreamRevision = &streams.DeleteReq_Options_StreamExists{StreamExists: empty}
	}
	var trailer metadata.MD
	answer, err := h.streams.Delete(within(h.t), &streams.DeleteReq{Options: o}, grpc.Trailer(&trailer))
	return answer, faultOf(err, trailer)
}

func (h *house) tombstone(stream string, e expect) (*streams.TombstoneResp, fault) {
	h.t.Helper()
	from := &streams.AppendReq_Options{}
	e(from)
	o := &streams.TombstoneReq_Options{StreamIdentifier: named(stream)}
	switch x := from.GetExpectedStreamRevision().(type) {
	case *streams.AppendReq_Options_Revision:
		o.ExpectedStreamRevision = &streams.TombstoneReq_Options_Revision{Revision: x.Revision}
	case *streams.AppendReq_Options_NoStream:
		o.ExpectedStreamRevision = &streams.TombstoneReq_Options_NoStream{NoStream: empty}
	case *streams.AppendReq_Options_Any:
		o.ExpectedStreamRevision = &streams.TombstoneReq_Options_Any{Any: empty}
	case *streams.AppendReq_Options_StreamExists:
		o.ExpectedStreamRevision = &streams.TombstoneReq_Options_StreamExists{StreamExists: empty}
	}
	var trailer metadata.MD
	answer, err := h.streams.Tombstone(within(h.t), &streams.TombstoneReq{Options: o}, grpc.Trailer(&trailer))
	return answer, faultOf(err, trailer)
}
