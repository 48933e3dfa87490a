package door_test

import (
	"context"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// fuzz sends requests of one kind to one door, as bytes of the wire format. The
// door may refuse the call; the call must not end in an internal error, and must end. After
// each call the door must still serve others.
func fuzz[M any, P interface {
	*M
	proto.Message
}](f *testing.F, seeds []P, call func(ctx context.Context, h *house, m P) error) {
	h := build(f)
	h.write("there", 1, 3)
	for _, s := range seeds {
		b, err := proto.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := P(new(M))
		if proto.Unmarshal(b, m) != nil {
			return // gRPC refuses it before us
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		inside := *h // its helpers must speak for this run
		inside.t = t
		err := call(ctx, &inside, m)
		switch status.Code(err) {
		case codes.Internal, codes.Unknown, codes.Unavailable, codes.DataLoss:
			t.Fatalf("%v\nfor %v", err, m)
		}
		if _, err := h.features.GetSupportedMethods(ctx, empty); err != nil {
			t.Fatalf("it does not answer any more: %v", err)
		}
	})
}

func FuzzAppend(f *testing.F) {
	seeds := []*streams.AppendReq{
		options("there", anyState), options("new", noStream), options("$$there", revision(0)), options("$ce-there", streamExists), propose(9), {},
	}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *streams.AppendReq) error {
		call, err := h.streams.Append(ctx)
		if err != nil {
			return err
		}
		for _, m := range []*streams.AppendReq{m, propose(10), m} {
			if call.Send(m) != nil {
				break // the answer says why
			}
		}
		_, err = call.CloseAndRecv()
		return err
	})
}

func FuzzBatchAppend(f *testing.F) {
	seeds := []*streams.BatchAppendReq{
		{CorrelationId: structured(id(1)), IsFinal: true, ProposedMessages: inBatch(propose(9)), Options: &streams.BatchAppendReq_Options{
			StreamIdentifier: named("there"), ExpectedStreamPosition: &streams.BatchAppendReq_Options_Any{Any: emptyPB},
		}},
		{CorrelationId: uuidString("x")}, {},
	}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *streams.BatchAppendReq) error {
		call, err := h.streams.BatchAppend(ctx)
		if err != nil {
			return err
		}
		for range 2 {
			if call.Send(m) != nil {
				break // the answer says why
			}
		}
		if err := call.CloseSend(); err != nil {
			return err
		}
		for {
			if _, err := call.Recv(); err != nil {
				return ofEnd(err)
			}
		}
	})
}

// ofEnd is nil for the regular end of a stream.
func ofEnd(err error) error {
	if orEOF(err, nil).Code == codes.OK {
		return nil
	}
	return err
}

func FuzzRead(f *testing.F) {
	expression := &streams.ReadReq_Options_FilterOptions_Expression{Regex: `^(?!\$)(a+)+$`}
	seeds := []*streams.ReadReq{
		request(ofStream("there")), request(ofAll, backwards, fromEnd), request(ofAll, byPrefix(3, 1, "t"), following),
		request(ofStream("there"), following, resolved), request(ofAll, filtered(0, 1, true, expression)), request(ofStream("$streams"), compatible, stringIDs), {},
	}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *streams.ReadReq) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		call, err := h.streams.Read(ctx, m)
		if err != nil {
			return err
		}
		for {
			answer, err := call.Recv()
			if err != nil {
				return ofEnd(err)
			}
			if answer.GetCaughtUp() != nil {
				return nil
			}
		}
	})
}

func FuzzDelete(f *testing.F) {
	seeds := []*streams.DeleteReq{{Options: &streams.DeleteReq_Options{
		StreamIdentifier: named("there"), ExpectedStreamRevision: &streams.DeleteReq_Options_Any{Any: empty},
	}}, {}}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *streams.DeleteReq) error {
		_, err := h.streams.Delete(ctx, m)
		return err
	})
}

func FuzzTombstone(f *testing.F) {
	seeds := []*streams.TombstoneReq{{Options: &streams.TombstoneReq_Options{
		StreamIdentifier: named("other"), ExpectedStreamRevision: &streams.TombstoneReq_Options_NoStream{NoStream: empty},
	}}, {}}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *streams.TombstoneReq) error {
		_, err := h.streams.Tombstone(ctx, m)
		return err
	})
}

func FuzzPersistentCreate(f *testing.F) {
	fuzz(f, []*persistentpb.CreateReq{newGroup("there", "g"), newGroup("$all", "g"), {}}, func(ctx context.Context, h *house, m *persistentpb.CreateReq) error {
		_, err := h.persistent.Create(ctx, m)
		return err
	})
}

func FuzzPersistentUpdate(f *testing.F) {
	seeds := []*persistentpb.UpdateReq{{Options: &persistentpb.UpdateReq_Options{
		StreamIdentifier: named("there"), GroupName: "g", Settings: &persistentpb.UpdateReq_Settings{},
	}}, {}}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *persistentpb.UpdateReq) error {
		h.createGroup("there", "g") // there is one to update, whoever made it
		_, err := h.persistent.Update(ctx, m)
		return err
	})
}

func FuzzPersistentManage(f *testing.F) {
	// Deleting, replaying and looking have the same shape: a source and a group.
	seeds := []*persistentpb.ReplayParkedReq_Options{
		{GroupName: "g", StreamOption: &persistentpb.ReplayParkedReq_Options_StreamIdentifier{StreamIdentifier: named("there")},
			StopAtOption: &persistentpb.ReplayParkedReq_Options_StopAt{StopAt: 1}}, {},
	}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *persistentpb.ReplayParkedReq_Options) error {
		h.createGroup("there", "g") // there is one, whoever made it
		if _, err := h.persistent.ReplayParked(ctx, &persistentpb.ReplayParkedReq{Options: m}); status.Code(err) == codes.Internal {
			return err
		}
		_, err := h.persistent.GetInfo(ctx, &persistentpb.GetInfoReq{Options: &persistentpb.GetInfoReq_Options{
			GroupName: m.GetGroupName(), StreamOption: &persistentpb.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: m.GetStreamIdentifier()},
		}})
		if status.Code(err) == codes.Internal {
			return err
		}
		_, err = h.persistent.Delete(ctx, &persistentpb.DeleteReq{Options: &persistentpb.DeleteReq_Options{
			GroupName: m.GetGroupName(), StreamOption: &persistentpb.DeleteReq_Options_StreamIdentifier{StreamIdentifier: m.GetStreamIdentifier()},
		}})
		return err
	})
}

func FuzzPersistentRead(f *testing.F) {
	options := &persistentpb.ReadReq_Options{
		GroupName: "g", BufferSize: 3, StreamOption: &persistentpb.ReadReq_Options_StreamIdentifier{StreamIdentifier: named("there")},
		UuidOption: &persistentpb.ReadReq_Options_UUIDOption{Content: &persistentpb.ReadReq_Options_UUIDOption_Structured{Structured: empty}},
	}
	seeds := []*persistentpb.ReadReq{
		{Content: &persistentpb.ReadReq_Options_{Options: options}},
		{Content: &persistentpb.ReadReq_Ack_{Ack: &persistentpb.ReadReq_Ack{Ids: wireIDs(1, 2)}}},
		{Content: &persistentpb.ReadReq_Nack_{Nack: &persistentpb.ReadReq_Nack{Ids: wireIDs(1), Action: persistentpb.ReadReq_Nack_Park}}}, {},
	}
	fuzz(f, seeds, func(ctx context.Context, h *house, m *persistentpb.ReadReq) error {
		h.createGroup("there", "g") // there is one, whoever made it
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		call, err := h.persistent.Read(ctx)
		if err != nil {
			return err
		}
		requests := []*persistentpb.ReadReq{m, m}
		if m.GetOptions() == nil {
			requests = []*persistentpb.ReadReq{{Content: &persistentpb.ReadReq_Options_{Options: options}}, m}
		}
		for _, r := range requests {
			if call.Send(r) != nil {
				break // the answer says why
			}
		}
		if err := call.CloseSend(); err != nil {
			return err
		}
		for {
			if _, err := call.Recv(); err != nil {
				return ofEnd(err)
			}
		}
	})
}

func FuzzPersistentList(f *testing.F) {
	fuzz(f, []*persistentpb.ListReq{listOf(""), listOf("there"), {}}, func(ctx context.Context, h *house, m *persistentpb.ListReq) error {
		_, err := h.persistent.List(ctx, m)
		return err
	})
}

// FuzzEmpty is every call whose request says nothing.
func FuzzEmpty(f *testing.F) {
	fuzz(f, []*shared.Empty{empty}, func(ctx context.Context, h *house, m *shared.Empty) error {
		if _, err := gossip.NewGossipClient(h.conn).Read(ctx, m); err != nil {
			return err
		}
		_, err := h.persistent.RestartSubsystem(ctx, m)
		return err
	})
}
