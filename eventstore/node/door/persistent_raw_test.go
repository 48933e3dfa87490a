package door_test

import (
	"context"
	"fmt"
	"testing"

	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// newGroup is a request for a group of a stream, or of $all, from the start; changed as
// the test likes.
func newGroup(stream, group string, change ...func(*persistentpb.CreateReq_Options)) *persistentpb.CreateReq {
	o := &persistentpb.CreateReq_Options{
		GroupName: group,
		Settings: &persistentpb.CreateReq_Settings{
			MaxRetryCount: 2, MinCheckpointCount: 1, MaxCheckpointCount: 1, LiveBufferSize: 100, ReadBatchSize: 10, HistoryBufferSize: 50,
			NamedConsumerStrategy: persistentpb.CreateReq_RoundRobin,
			MessageTimeout:        &persistentpb.CreateReq_Settings_MessageTimeoutMs{MessageTimeoutMs: 60_000},
			CheckpointAfter:       &persistentpb.CreateReq_Settings_CheckpointAfterMs{CheckpointAfterMs: 1},
		},
		StreamOption: &persistentpb.CreateReq_Options_Stream{Stream: &persistentpb.CreateReq_StreamOptions{
			StreamIdentifier: named(stream), RevisionOption: &persistentpb.CreateReq_StreamOptions_Start{Start: empty},
		}},
	}
	if stream == "$all" {
		o.StreamOption = &persistentpb.CreateReq_Options_All{All: &persistentpb.CreateReq_AllOptions{
			AllOption:    &persistentpb.CreateReq_AllOptions_Start{Start: empty},
			FilterOption: &persistentpb.CreateReq_AllOptions_NoFilter{NoFilter: empty},
		}}
	}
	for _, c := range change {
		c(o)
	}
	return &persistentpb.CreateReq{Options: o}
}

func (h *house) createGroup(stream, group string, change ...func(*persistentpb.CreateReq_Options)) fault {
	h.t.Helper()
	var trailer metadata.MD
	_, err := h.persistent.Create(within(h.t), newGroup(stream, group, change...), grpc.Trailer(&trailer))
	return faultOf(err, trailer)
}

// consumer is connected to a group.
type consumer struct {
	t      *testing.T
	call   persistentpb.PersistentSubscriptions_ReadClient
	cancel context.CancelFunc
}

func (h *house) open(stream, group string, buffer int32) consumer {
	h.t.Helper()
	return h.openIn(within(h.t), stream, group, buffer)
}

func (h *house) openIn(ctx context.Context, stream, group string, buffer int32) consumer {
	h.t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	call, err := h.persistent.Read(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	o := &persistentpb.ReadReq_Options{
		GroupName: group, BufferSize: buffer,
		UuidOption: &persistentpb.ReadReq_Options_UUIDOption{Content: &persistentpb.ReadReq_Options_UUIDOption_Structured{Structured: empty}},
	}
	if stream == "$all" {
		o.StreamOption = &persistentpb.ReadReq_Options_All{All: empty}
	} else {
		o.StreamOption = &persistentpb.ReadReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}
	}
	if err := call.Send(&persistentpb.ReadReq{Content: &persistentpb.ReadReq_Options_{Options: o}}); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(cancel)
	return consumer{t: h.t.(*testing.T), call: call, cancel: cancel}
}

// connect opens and takes the confirmation.
func (h *house) connect(stream, group string, buffer int32) consumer {
	h.t.Helper()
	c := h.open(stream, group, buffer)
	m, err := c.call.Recv()
	if err != nil {
		h.t.Fatal(err)
	}
	same(c.t, stream+"::"+group, m.GetSubscriptionConfirmation().GetSubscriptionId())
	return c
}

func (c consumer) recv() *persistentpb.ReadResp_ReadEvent {
	c.t.Helper()
	m, err := c.call.Recv()
	if err != nil {
		c.t.Fatal(err)
	}
	return m.GetEvent()
}

// event is a message in words: the event, its link, and its retries if any.
func (c consumer) event() string {
	c.t.Helper()
	e := c.recv()
	short := func(r *persistentpb.ReadResp_ReadEvent_RecordedEvent) string {
		return fmt.Sprintf("%d@%s", r.GetStreamRevision(), r.GetStreamIdentifier().GetStreamName())
	}
	words := "gone"
	if e.GetEvent() != nil {
		words = short(e.GetEvent())
	}
	if e.GetLink() != nil {
		words += " by " + short(e.GetLink())
	}
	if n := e.GetRetryCount(); n > 0 {
		words += fmt.Sprintf(" again %d", n)
	}
	return words
}

func (c consumer) take(want ...string) {
	c.t.Helper()
	var got []string
	for range want {
		got = append(got, c.event())
	}
	same(c.t, want, got)
}

func (c consumer) send(m *persistentpb.ReadReq) {
	c.t.Helper()
	if err := c.call.Send(m); err != nil {
		c.t.Fatal(err)
	}
}

func wireIDs(ns ...int) []*shared.UUID {
	var ids []*shared.UUID
	for _, n := range ns {
		ids = append(ids, structured(id(n)))
	}
	return ids
}

func (c consumer) ack(ns ...int) { c.ackIDs(wireIDs(ns...)...) }
func (c consumer) ackIDs(ids ...*shared.UUID) {
	c.t.Helper()
	c.send(&persistentpb.ReadReq{Content: &persistentpb.ReadReq_Ack_{Ack: &persistentpb.ReadReq_Ack{Ids: ids}}})
}

func (c consumer) nack(a persistentpb.ReadReq_Nack_Action, ns ...int) {
	c.t.Helper()
	c.send(&persistentpb.ReadReq{Content: &persistentpb.ReadReq_Nack_{Nack: &persistentpb.ReadReq_Nack{
		Ids: wireIDs(ns...), Action: a, Reason: "tested",
	}}})
}

// ended receives until the call ends.
func (c consumer) ended() fault {
	for {
		if _, err := c.call.Recv(); err != nil {
			return orEOF(err, c.call.Trailer())
		}
	}
}

func (h *house) info(stream, group string) *persistentpb.SubscriptionInfo {
	h.t.Helper()
	i, f := h.tryInfo(stream, group)
	if f.Code != codes.OK {
		h.t.Fatal(f)
	}
	return i
}

func (h *house) tryInfo(stream, group string) (*persistentpb.SubscriptionInfo, fault) {
	h.t.Helper()
	o := &persistentpb.GetInfoReq_Options{GroupName: group}
	if stream == "$all" {
		o.StreamOption = &persistentpb.GetInfoReq_Options_All{All: empty}
	} else {
		o.StreamOption = &persistentpb.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}
	}
	var trailer metadata.MD
	answer, err := h.persistent.GetInfo(within(h.t), &persistentpb.GetInfoReq{Options: o}, grpc.Trailer(&trailer))
	return answer.GetSubscriptionInfo(), faultOf(err, trailer)
}

func (h *house) replay(stream, group string, stopAt int64) {
	h.t.Helper()
	o := &persistentpb.ReplayParkedReq_Options{
		GroupName:    group,
		StreamOption: &persistentpb.ReplayParkedReq_Options_StreamIdentifier{StreamIdentifier: named(stream)},
		StopAtOption: &persistentpb.ReplayParkedReq_Options_NoLimit{NoLimit: empty},
	}
	if stream == "$all" {
		o.StreamOption = &persistentpb.ReplayParkedReq_Options_All{All: empty}
	}
	if stopAt >= 0 {
		o.StopAtOption = &persistentpb.ReplayParkedReq_Options_StopAt{StopAt: stopAt}
	}
	if _, err := h.persistent.ReplayParked(within(h.t), &persistentpb.ReplayParkedReq{Options: o}); err != nil {
		h.t.Fatal(err)
	}
}

func groupFault(code codes.Code, exception, stream, group string) fault {
	return failing(code, "exception", exception, "stream-name", stream, "group-name", group)
}
