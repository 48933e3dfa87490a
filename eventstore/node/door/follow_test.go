package door_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"go.uber.org/goleak"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/door"
)

// TestFollowStream goes through 1.6 for streams.
func TestFollowStream(t *testing.T) {
	for _, c := range []struct {
		name  string
		from  func(*streams.ReadReq_Options)
		first []string // before a live event
	}{
		{"from the start", func(*streams.ReadReq_Options) {}, []string{"confirmation", "0@a", "1@a", "2@a", "caught up"}},
		{"from a revision, exclusive", fromRevision(1), []string{"confirmation", "2@a", "caught up"}},
		{"from the end", fromEnd, []string{"confirmation", "caught up"}},
	} {
		t.Run("1.6 "+c.name, func(t *testing.T) {
			h := build(t)
			h.write("a", 1, 3)
			call := h.follow(ofStream("a"), c.from)
			take(t, call, c.first...)
			h.write("b", 5, 1)
			h.write("a", 4, 1)
			take(t, call, "3@a")
		})
	}
	t.Run("1.6 of a stream that is not there yet", func(t *testing.T) {
		h := build(t)
		call := h.follow(ofStream("a"))
		take(t, call, "confirmation", "caught up")
		h.write("a", 1, 2)
		take(t, call, "0@a", "1@a")
	})
	t.Run("1.6 goes on over a soft delete", func(t *testing.T) {
		h := build(t)
		h.write("a", 1, 1)
		call := h.follow(ofStream("a"))
		take(t, call, "confirmation", "0@a", "caught up")
		h.delete("a", anyState)
		h.write("a", 2, 1)
		take(t, call, "1@a")
	})
	t.Run("1.6 of a tombstoned stream is refused", func(t *testing.T) {
		h := build(t)
		h.write("a", 1, 1)
		h.tombstone("a", anyState)
		same(t, failing(codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", "a"), ended(h.follow(ofStream("a"))))
	})
	t.Run("1.6 ends when the stream is tombstoned", func(t *testing.T) {
		h := build(t)
		h.write("a", 1, 1)
		call := h.follow(ofStream("a"))
		take(t, call, "confirmation", "0@a", "caught up")
		h.tombstone("a", anyState)
		same(t, failing(codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", "a"), ended(call))
	})
	t.Run("links resolved", func(t *testing.T) {
		h := library(t)
		take(t, h.follow(ofStream("links"), resolved), "confirmation", "1@a by 0@links", "gone by 1@links", "caught up")
	})
	t.Run("of a category", func(t *testing.T) {
		h := build(t)
		h.write("order-1", 1, 1)
		call := h.follow(ofStream("$ce-order"), resolved)
		take(t, call, "confirmation", "0@order-1 by 0@$ce-order", "caught up")
		h.write("order-2", 2, 1)
		take(t, call, "0@order-2 by 1@$ce-order")
	})
	t.Run("a subscription goes forwards", func(t *testing.T) {
		same(t, failing(codes.InvalidArgument), ended(build(t).follow(ofStream("a"), backwards)))
	})
}

// ended receives until the call ends and returns how.
func ended(call streams.Streams_ReadClient) fault {
	for {
		if _, err := call.Recv(); err != nil {
			return faultOf(err, call.Trailer())
		}
	}
}

// TestFollowAll goes through 1.6 for $all. Streams a and b take turns: a at odd positions.
func TestFollowAll(t *testing.T) {
	turns := func(h *house, n int) {
		for i := range n {
			h.write([]string{"a", "b"}[i%2], 100+i, 1)
		}
	}
	t.Run("1.6 unfiltered, without checkpoints", func(t *testing.T) {
		h := build(t)
		turns(h, 3)
		call := h.follow(ofAll)
		take(t, call, "confirmation", "0@a", "0@b", "1@a", "caught up")
		h.write("c", 1, 2)
		take(t, call, "0@c", "1@c")
	})
	t.Run("1.6 from a position, exclusive", func(t *testing.T) {
		h := build(t)
		turns(h, 3)
		take(t, h.follow(ofAll, fromPosition(2)), "confirmation", "1@a", "caught up")
	})
	t.Run("1.6 from the end", func(t *testing.T) {
		h := build(t)
		turns(h, 3)
		call := h.follow(ofAll, fromEnd)
		take(t, call, "confirmation", "caught up")
		h.write("c", 1, 1)
		take(t, call, "0@c")
	})
	t.Run("1.6 a checkpoint every multiplier x window considered, one at the head", func(t *testing.T) {
		h := build(t)
		turns(h, 9)
		call := h.follow(ofAll, byPrefix(2, 2, "b"))
		take(t, call, "confirmation", "0@b", "1@b", "checkpoint 4", "2@b", "3@b", "checkpoint 8", "checkpoint 9", "caught up")
	})
	t.Run("1.6 one at the head also when the last event was wanted", func(t *testing.T) {
		h := build(t)
		turns(h, 4)
		call := h.follow(ofAll, byPrefix(100, 1, "b"))
		take(t, call, "confirmation", "0@b", "1@b", "checkpoint 4", "caught up")
	})
	t.Run("1.6 never the same position twice", func(t *testing.T) {
		h := build(t)
		turns(h, 8)
		call := h.follow(ofAll, byPrefix(4, 1, "b"))
		take(t, call, "confirmation", "0@b", "1@b", "checkpoint 4", "2@b", "3@b", "checkpoint 8", "caught up")
	})
	t.Run("1.6 a window of count is 32", func(t *testing.T) {
		h := build(t)
		h.write("a", 1, 70)
		take(t, h.follow(ofAll, byPrefix(0, 1, "b")), "confirmation", "checkpoint 32", "checkpoint 64", "checkpoint 70", "caught up")
	})
	t.Run("1.6 live events are counted on", func(t *testing.T) {
		h := build(t)
		call := h.follow(ofAll, byPrefix(3, 1, "b"))
		take(t, call, "confirmation", "caught up")
		turns(h, 4)
		take(t, call, "0@b", "checkpoint 3", "1@b")
	})
	t.Run("a quiet subscription moves on", func(t *testing.T) {
		h := build(t)
		call := h.follow(ofAll, byPrefix(100, 1, "b"))
		take(t, call, "confirmation", "caught up")
		h.write("a", 1, 2)
		take(t, call, "checkpoint 2")
	})
	t.Run("1.6 from a checkpoint, exclusive", func(t *testing.T) {
		h := build(t)
		turns(h, 9)
		take(t, h.follow(ofAll, byPrefix(2, 2, "b"), fromPosition(4)), "confirmation", "2@b", "3@b", "checkpoint 8", "checkpoint 9", "caught up")
	})
	t.Run("1.6 the multiplier must be at least 1", func(t *testing.T) {
		same(t, failing(codes.InvalidArgument), ended(build(t).follow(ofAll, byPrefix(2, 0, "b"))))
	})
	t.Run("an expression that takes too long ends it, rather than to miss events", func(t *testing.T) {
		h := build(t)
		h.write("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 1, 1)
		e := &streams.ReadReq_Options_FilterOptions_Expression{Regex: `^(?=(a+)+$)`}
		same(t, failing(codes.InvalidArgument), ended(h.follow(ofAll, filtered(0, 1, false, e))))
	})
}

// TestNewerFields: KurrentDB's clients drop a CaughtUp without a time (1.6).
func TestNewerFields(t *testing.T) {
	h := build(t, func(o *door.Options) { o.Now = func() time.Time { return noon.Add(5) } })
	h.write("a", 1, 2)
	stamp := message(1, noon.Unix(), 2, 5)
	field := func(n protowire.Number, inner []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), inner)
	}
	t.Run("1.6 of a stream", func(t *testing.T) {
		call := h.follow(ofStream("a"))
		take(t, call, "confirmation", "0@a", "1@a")
		m, err := call.Recv()
		if err != nil {
			t.Fatal(err)
		}
		want := append(field(1, stamp), message(2, 1)...)
		same(t, hex.EncodeToString(want), hex.EncodeToString(m.GetCaughtUp().ProtoReflect().GetUnknown()))
	})
	t.Run("1.6 of all, with the time of a checkpoint", func(t *testing.T) {
		call := h.follow(ofAll, byPrefix(0, 1, "b"))
		take(t, call, "confirmation")
		m, err := call.Recv()
		if err != nil {
			t.Fatal(err)
		}
		same(t, hex.EncodeToString(field(3, stamp)), hex.EncodeToString(m.GetCheckpoint().ProtoReflect().GetUnknown()))
		if m, err = call.Recv(); err != nil {
			t.Fatal(err)
		}
		want := append(field(1, stamp), field(3, message(1, 2, 2, 2))...)
		same(t, hex.EncodeToString(want), hex.EncodeToString(m.GetCaughtUp().ProtoReflect().GetUnknown()))
	})
}

// message is a protobuf message of number and varint pairs.
func message(pairs ...int64) []byte {
	var b []byte
	for i := 0; i+1 < len(pairs); i += 2 {
		b = protowire.AppendTag(b, protowire.Number(pairs[i]), protowire.VarintType)
		b = protowire.AppendVarint(b, uint64(pairs[i+1]))
	}
	return b
}

func TestStopEndsSubscriptions(t *testing.T) {
	h := build(t)
	calls := []streams.Streams_ReadClient{h.follow(ofAll), h.follow(ofStream("a"))}
	for _, call := range calls {
		take(t, call, "confirmation", "caught up")
	}
	began := time.Now()
	h.stop()
	if d := time.Since(began); d > 1500*time.Millisecond { // the grace for appends is 2 s
		t.Errorf("it took %v to stop", d)
	}
	for _, call := range calls {
		same(t, failing(codes.Unavailable), ended(call))
	}
}

// TestManyFollowers: everyone sees every event, in order.
func TestManyFollowers(t *testing.T) {
	h := build(t)
	const followers, events = 200, 50
	var calls []streams.Streams_ReadClient
	for range followers / 2 {
		calls = append(calls, h.follow(ofAll), h.follow(ofStream("a")))
	}
	for _, call := range calls {
		take(t, call, "confirmation", "caught up")
	}
	want := make([]string, events)
	for i := range events {
		h.write("a", 1+i, 1)
		want[i] = fmt.Sprintf("%d@a", i)
	}
	for _, call := range calls {
		take(t, call, want...)
	}
}

// TestSlowReader: who does not read is cut off, and holds no memory until then.
func TestSlowReader(t *testing.T) {
	h := build(t, func(o *door.Options) { o.SlowReader = 50 * time.Millisecond })
	for n := range 40 {
		h.writeEvents("a", eventstore.Event{ID: id(n), Type: "tested", Data: make([]byte, 100_000), Binary: true})
	}
	call := h.follow(ofAll)
	until(t, "the reader is there", func() bool { return len(h.door.Subscribers(context.Background())) == 1 })
	until(t, "the reader is cut off", func() bool { return len(h.door.Subscribers(context.Background())) == 0 })
	for {
		if _, err := call.Recv(); err != nil {
			same(t, codes.ResourceExhausted, status.Code(err))
			return
		}
	}
}

func TestSubscribers(t *testing.T) {
	h := build(t, func(o *door.Options) { o.Now = func() time.Time { return noon } })
	h.write("a", 1, 3)
	all, one := h.follow(ofAll, byPrefix(0, 1, "a")), h.follow(ofStream("a"), fromRevision(0))
	take(t, all, "confirmation", "0@a", "1@a", "2@a", "checkpoint 3", "caught up")
	take(t, one, "confirmation", "1@a", "2@a", "caught up")
	var got []door.LiveSubscriber
	until(t, "both are up to date", func() bool {
		got = h.door.Subscribers(context.Background())
		return len(got) == 2 && got[0].Lag == 0
	})
	seen := map[string]door.LiveSubscriber{}
	for _, s := range got {
		if s.ID == "" || s.From == "" {
			t.Errorf("a subscriber without id or address: %+v", s)
		}
		s.ID, s.From = "", ""
		seen[s.Stream] = s
	}
	same(t, map[string]door.LiveSubscriber{
		"$all": {User: "anonymous", Stream: "$all", Filter: "streams beginning with a", Since: noon, Position: 3},
		"a":    {User: "anonymous", Stream: "a", Since: noon, Position: 2},
	}, seen)
}

// TestStopLeavesNothing: no goroutine outlives the door, whoever was connected.
func TestStopLeavesNothing(t *testing.T) {
	before := goleak.IgnoreCurrent()
	h := build(t)
	h.write("a", 1, 3)
	same(t, fine, h.createGroup("a", "g"))
	follower, member, batch := h.follow(ofAll), h.connect("a", "g", 2), h.batch()
	take(t, follower, "confirmation", "0@a", "1@a", "2@a")
	member.take("0@a", "1@a")
	batch.send(1, "b", true, propose(9))
	batch.recv()
	h.stop()
	if err := h.conn.Close(); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
}
