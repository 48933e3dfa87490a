package door_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/door"
)

// TestGroupFaults: the errors of 1.9.
func TestGroupFaults(t *testing.T) {
	h := build(t)
	same(t, fine, h.createGroup("a", "g", func(o *persistentpb.CreateReq_Options) { o.Settings.MaxSubscriberCount = 1 }))
	missing := groupFault(codes.NotFound, "persistent-subscription-does-not-exist", "a", "none")
	t.Run("1.9 exists", func(t *testing.T) {
		same(t, groupFault(codes.AlreadyExists, "persistent-subscription-exists", "a", "g"), h.createGroup("a", "g"))
	})
	t.Run("1.9 read of none", func(t *testing.T) { same(t, missing, h.open("a", "none", 10).ended()) })
	t.Run("1.9 info of none", func(t *testing.T) {
		_, f := h.tryInfo("a", "none")
		same(t, missing, f)
	})
	t.Run("1.9 update of none", func(t *testing.T) { same(t, missing, h.updateGroup("a", "none")) })
	t.Run("1.9 delete of none", func(t *testing.T) { same(t, missing, h.deleteGroup("a", "none")) })
	t.Run("1.9 the most subscribers", func(t *testing.T) {
		h.connect("a", "g", 10)
		same(t, groupFault(codes.FailedPrecondition, "maximum-subscribers-reached", "a", "g"), h.open("a", "g", 10).ended())
	})
	t.Run("1.9 list of a stream without groups", func(t *testing.T) {
		var trailer metadata.MD
		_, err := h.persistent.List(within(t), listOf("other"), grpc.Trailer(&trailer))
		same(t, codes.NotFound, faultOf(err, trailer).Code)
	})
	for name, change := range map[string]func(*persistentpb.CreateReq_Options){
		"no group name":           func(o *persistentpb.CreateReq_Options) { o.GroupName = "" },
		"no settings":             func(o *persistentpb.CreateReq_Options) { o.Settings = nil },
		"an unknown strategy":     func(o *persistentpb.CreateReq_Options) { o.Settings.ConsumerStrategy = "Whoever" },
		"a negative number":       func(o *persistentpb.CreateReq_Options) { o.Settings.MaxRetryCount = -1 },
		"a buffer without bounds": func(o *persistentpb.CreateReq_Options) { o.Settings.HistoryBufferSize = math.MaxInt32 },
		"no stream":               func(o *persistentpb.CreateReq_Options) { o.StreamOption = nil },
	} {
		t.Run(name, func(t *testing.T) { same(t, failing(codes.InvalidArgument), h.createGroup("b", "g", change)) })
	}
}

func listOf(stream string) *persistentpb.ListReq {
	o := &persistentpb.ListReq_Options{ListOption: &persistentpb.ListReq_Options_ListAllSubscriptions{ListAllSubscriptions: empty}}
	if stream != "" {
		o.ListOption = &persistentpb.ListReq_Options_ListForStream{ListForStream: &persistentpb.ListReq_StreamOption{
			StreamOption: &persistentpb.ListReq_StreamOption_Stream{Stream: named(stream)},
		}}
	}
	return &persistentpb.ListReq{Options: o}
}

func (h *house) updateGroup(stream, group string) fault {
	h.t.Helper()
	var trailer metadata.MD
	_, err := h.persistent.Update(within(h.t), &persistentpb.UpdateReq{Options: &persistentpb.UpdateReq_Options{
		GroupName: group, Settings: &persistentpb.UpdateReq_Settings{MaxRetryCount: 5, NamedConsumerStrategy: persistentpb.UpdateReq_Pinned},
		StreamOption: &persistentpb.UpdateReq_Options_Stream{Stream: &persistentpb.UpdateReq_StreamOptions{
			StreamIdentifier: named(stream), RevisionOption: &persistentpb.UpdateReq_StreamOptions_Start{Start: empty},
		}},
	}}, grpc.Trailer(&trailer))
	return faultOf(err, trailer)
}

func (h *house) deleteGroup(stream, group string) fault {
	h.t.Helper()
	var trailer metadata.MD
	_, err := h.persistent.Delete(within(h.t), &persistentpb.DeleteReq{Options: &persistentpb.DeleteReq_Options{
		GroupName: group, StreamOption: &persistentpb.DeleteReq_Options_StreamIdentifier{StreamIdentifier: named(stream)},
	}}, grpc.Trailer(&trailer))
	return faultOf(err, trailer)
}

// TestGroupStart: where a group begins (1.9).
func TestGroupStart(t *testing.T) {
	stream := func(change func(*persistentpb.CreateReq_StreamOptions)) func(*persistentpb.CreateReq_Options) {
		return func(o *persistentpb.CreateReq_Options) { change(o.GetStream()) }
	}
	deprecated := func(revision uint64) func(*persistentpb.CreateReq_Options) {
		return func(o *persistentpb.CreateReq_Options) {
			o.StreamIdentifier, o.StreamOption, o.Settings.Revision = named("a"), nil, revision
		}
	}
	all := func(change func(*persistentpb.CreateReq_AllOptions)) func(*persistentpb.CreateReq_Options) {
		return func(o *persistentpb.CreateReq_Options) { change(o.GetAll()) }
	}
	for _, c := range []struct {
		name, source string
		change       func(*persistentpb.CreateReq_Options)
		first, from  string // the first event, one being appended live; start_from
	}{
		{"1.9 a stream from the start", "a", stream(func(*persistentpb.CreateReq_StreamOptions) {}), "0@a", "0"},
		{"1.9 a stream from a revision, inclusive", "a", stream(func(o *persistentpb.CreateReq_StreamOptions) {
			o.RevisionOption = &persistentpb.CreateReq_StreamOptions_Revision{Revision: 2}
		}), "2@a", "2"},
		{"1.9 a stream from the end", "a", stream(func(o *persistentpb.CreateReq_StreamOptions) {
			o.RevisionOption = &persistentpb.CreateReq_StreamOptions_End{End: empty}
		}), "3@a", "-1"},
		{"1.9 the deprecated way of Node, from a revision", "a", deprecated(1), "1@a", "1"},
		{"1.9 the deprecated way of Node, the greatest is the end", "a", deprecated(math.MaxUint64), "3@a", "-1"},
		{"1.9 all from the start", "$all", all(func(*persistentpb.CreateReq_AllOptions) {}), "0@a", "C:0/P:0"},
		{"1.9 all from a position", "$all", all(func(o *persistentpb.CreateReq_AllOptions) {
			o.AllOption = &persistentpb.CreateReq_AllOptions_Position{Position: &persistentpb.CreateReq_Position{CommitPosition: 2, PreparePosition: 2}}
		}), "1@a", "C:2/P:2"},
		{"1.9 all by a filter", "$all", all(func(o *persistentpb.CreateReq_AllOptions) {
			o.FilterOption = &persistentpb.CreateReq_AllOptions_Filter{Filter: &persistentpb.CreateReq_AllOptions_FilterOptions{
				Filter: &persistentpb.CreateReq_AllOptions_FilterOptions_StreamIdentifier{
					StreamIdentifier: &persistentpb.CreateReq_AllOptions_FilterOptions_Expression{Regex: "^(?!a$)"},
				},
				Window: &persistentpb.CreateReq_AllOptions_FilterOptions_Count{Count: empty},
			}}
		}), "0@b", "C:0/P:0"},
		{"1.9 all from the end", "$all", all(func(o *persistentpb.CreateReq_AllOptions) {
			o.AllOption = &persistentpb.CreateReq_AllOptions_End{End: empty}
		}), "3@a", "C:-1/P:-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := build(t)
			h.write("a", 1, 3)
			same(t, fine, h.createGroup(c.source, "g", c.change))
			h.write("a", 4, 1)
			h.write("b", 5, 1)
			h.connect(c.source, "g", 1).take(c.first)
			same(t, c.from, h.info(c.source, "g").GetStartFrom())
		})
	}
}

// TestGroupDelivery: acknowledging and its opposites (1.9).
func TestGroupDelivery(t *testing.T) {
	begin := func(t *testing.T, events int, change ...func(*persistentpb.CreateReq_Options)) *house {
		h := build(t)
		h.write("a", 1, events)
		same(t, fine, h.createGroup("a", "g", change...))
		return h
	}
	retries := func(n int32) func(*persistentpb.CreateReq_Options) {
		return func(o *persistentpb.CreateReq_Options) { o.Settings.MaxRetryCount = n }
	}
	parked := func(h *house, n int64) {
		h.t.Helper()
		until(h.t, fmt.Sprintf("%d messages are parked", n), func() bool { return h.info("a", "g").GetParkedMessageCount() == n })
	}
	t.Run("1.9 at most buffer_size unacknowledged", func(t *testing.T) {
		h := begin(t, 5)
		c := h.connect("a", "g", 2)
		c.take("0@a", "1@a")
		same(t, int32(2), h.info("a", "g").GetTotalInFlightMessages())
		c.ack(1)
		c.take("2@a")
		c.ack(2, 3)
		c.take("3@a", "4@a")
	})
	t.Run("1.9 nack retry and unknown", func(t *testing.T) {
		h := begin(t, 2)
		c := h.connect("a", "g", 1)
		c.take("0@a")
		c.nack(persistentpb.ReadReq_Nack_Retry, 1)
		c.take("0@a again 1")
		c.nack(persistentpb.ReadReq_Nack_Unknown, 1)
		c.take("0@a again 2")
		c.ack(1)
		c.take("1@a")
	})
	t.Run("1.9 nack skip", func(t *testing.T) {
		h := begin(t, 2)
		c := h.connect("a", "g", 1)
		c.take("0@a")
		c.nack(persistentpb.ReadReq_Nack_Skip, 1)
		c.take("1@a")
		parked(h, 0)
	})
	t.Run("1.9 nack stop hands the message to others and drops the consumer", func(t *testing.T) {
		h := begin(t, 1)
		c := h.connect("a", "g", 1)
		c.take("0@a")
		c.nack(persistentpb.ReadReq_Nack_Stop, 1)
		same(t, groupFault(codes.Canceled, "persistent-subscription-dropped", "a", "g"), c.ended())
		h.connect("a", "g", 1).take("0@a")
	})
	t.Run("1.9 more than max_retry_count parks", func(t *testing.T) {
		h := begin(t, 2, retries(1))
		c := h.connect("a", "g", 1)
		c.take("0@a")
		c.nack(persistentpb.ReadReq_Nack_Retry, 1)
		c.take("0@a again 1")
		c.nack(persistentpb.ReadReq_Nack_Retry, 1)
		c.take("1@a")
		parked(h, 1)
	})
	t.Run("1.9 message_timeout retries", func(t *testing.T) {
		h := begin(t, 1, func(o *persistentpb.CreateReq_Options) {
			o.Settings.MessageTimeout = &persistentpb.CreateReq_Settings_MessageTimeoutTicks{MessageTimeoutTicks: 200_000} // 20 ms
		})
		c := h.connect("a", "g", 1)
		c.take("0@a", "0@a again 1", "0@a again 2")
		parked(h, 1)
	})
	t.Run("1.9 in flight at disconnect: again, in order", func(t *testing.T) {
		h := begin(t, 5)
		c := h.connect("a", "g", 3)
		c.take("0@a", "1@a", "2@a")
		c.ack(2)
		c.take("3@a")
		c.cancel()
		until(t, "the disconnect is noticed", func() bool { return len(h.info("a", "g").GetConnections()) == 0 })
		h.connect("a", "g", 5).take("0@a again 1", "2@a again 1", "3@a again 1", "4@a")
	})
	t.Run("1.9 parked messages are links, and come again on replay", func(t *testing.T) {
		h := begin(t, 2)
		c := h.connect("a", "g", 2)
		c.take("0@a", "1@a")
		c.nack(persistentpb.ReadReq_Nack_Park, 1, 2)
		parked(h, 2)
		links, _ := h.read(request(ofStream("$persistentsubscription-a::g-parked")))
		e := links[1].GetEvent().GetEvent()
		same(t, "$>", e.GetMetadata()["type"])
		same(t, "1@a", string(e.GetData()))
		var metadata map[string]any
		if err := json.Unmarshal(e.GetCustomMetadata(), &metadata); err != nil {
			t.Fatal(err)
		}
		delete(metadata, "added")
		same(t, map[string]any{"reason": "tested", "subscriptionEventNumber": 1.0}, metadata)

		h.replay("a", "g", -1)
		first, second := c.recv(), c.recv()
		same(t, uint64(0), first.GetEvent().GetStreamRevision())
		same(t, "$persistentsubscription-a::g-parked", string(first.GetLink().GetStreamIdentifier().GetStreamName()))
		c.ackIDs(first.GetLink().GetId(), second.GetLink().GetId())
		parked(h, 0)
	})
	t.Run("1.9 replay with stop_at", func(t *testing.T) {
		h := begin(t, 3)
		c := h.connect("a", "g", 3)
		c.take("0@a", "1@a", "2@a")
		c.nack(persistentpb.ReadReq_Nack_Park, 1, 2, 3)
		parked(h, 3)
		h.replay("a", "g", 1)
		c.ackIDs(c.recv().GetLink().GetId())
		parked(h, 2)
	})
	t.Run("links are resolved, and acknowledged by their own id", func(t *testing.T) {
		h := build(t)
		h.write("t", 1, 1)
		h.writeEvents("a", link(5, "0@t"), link(6, "9@t"))
		same(t, fine, h.createGroup("a", "g", func(o *persistentpb.CreateReq_Options) { o.Settings.ResolveLinks = true }))
		c := h.connect("a", "g", 1)
		c.take("0@t by 0@a")
		c.ack(5)
		c.take("gone by 1@a")
	})
	t.Run("1.9 update drops the consumers", func(t *testing.T) {
		h := begin(t, 2)
		c := h.connect("a", "g", 1)
		c.take("0@a")
		c.ack(1)
		until(t, "the checkpoint is stored", func() bool { return h.info("a", "g").GetLastCheckpointedEventPosition() == "0" })
		same(t, fine, h.updateGroup("a", "g"))
		same(t, groupFault(codes.Canceled, "persistent-subscription-dropped", "a", "g"), c.ended())
		same(t, int32(5), h.info("a", "g").GetMaxRetryCount())
		h.connect("a", "g", 1).take("1@a")
	})
	t.Run("1.9 delete drops the consumers, and a new one begins anew", func(t *testing.T) {
		h := begin(t, 2)
		c := h.connect("a", "g", 1)
		c.take("0@a")
		c.ack(1)
		c.take("1@a")
		same(t, fine, h.deleteGroup("a", "g"))
		same(t, groupFault(codes.Canceled, "persistent-subscription-dropped", "a", "g"), c.ended())
		same(t, fine, h.createGroup("a", "g"))
		h.connect("a", "g", 1).take("0@a")
	})
	t.Run("live events", func(t *testing.T) {
		h := begin(t, 0)
		c := h.connect("a", "g", 5)
		h.write("a", 1, 1)
		c.take("0@a")
	})
	t.Run("1.9 a group of all does not feed on itself", func(t *testing.T) {
		h := build(t)
		h.write("a", 1, 3)
		same(t, fine, h.createGroup("$all", "g"))
		c := h.connect("$all", "g", 10)
		c.take("0@a", "1@a", "2@a")
		c.ack(1, 2, 3)
		until(t, "the checkpoint is stored", func() bool { return h.info("$all", "g").GetLastCheckpointedEventPosition() != "" })
		h.write("b", 7, 1)
		c.take("0@b")
	})
}

// TestGroupsAreDurable: settings, checkpoints and parked messages survive a restart (1.9).
func TestGroupsAreDurable(t *testing.T) {
	dir := t.TempDir()
	h := buildIn(t, dir)
	h.write("a", 1, 6)
	same(t, fine, h.createGroup("a", "g", func(o *persistentpb.CreateReq_Options) { o.Settings.MaxRetryCount = 7 }))
	c := h.connect("a", "g", 3)
	c.take("0@a", "1@a", "2@a")
	c.nack(persistentpb.ReadReq_Nack_Park, 2)
	c.ack(1)
	until(t, "one is parked", func() bool { return h.info("a", "g").GetParkedMessageCount() == 1 })
	h.stop()

	h = buildIn(t, dir)
	info := h.info("a", "g")
	same(t, int32(7), info.GetMaxRetryCount())
	same(t, "1", info.GetLastCheckpointedEventPosition())
	same(t, int64(1), info.GetParkedMessageCount())
	c = h.connect("a", "g", 10)
	c.take("2@a", "3@a", "4@a", "5@a")
	h.replay("a", "g", -1)
	m := c.recv()
	same(t, uint64(1), m.GetEvent().GetStreamRevision())
	h.stop() // not acknowledged: it stays parked

	h = buildIn(t, dir)
	same(t, int64(1), h.info("a", "g").GetParkedMessageCount())
}

func TestConsumerStrategies(t *testing.T) {
	strategy := func(name string) func(*persistentpb.CreateReq_Options) {
		return func(o *persistentpb.CreateReq_Options) { o.Settings.ConsumerStrategy = name }
	}
	// two consumers of six events, and who gets how many
	spread := func(t *testing.T, h *house, buffer int32) [2]int32 {
		t.Helper()
		h.connect("$all", "g", buffer)
		h.connect("$all", "g", buffer)
		until(t, "both are connected", func() bool { return len(h.info("$all", "g").GetConnections()) == 2 })
		for n := range 6 {
			h.writeEvents(fmt.Sprintf("s-%d", n%3), eventstore.Event{
				ID: id(100 + n), Type: "tested", Data: []byte(`{}`), Metadata: []byte(`{"$correlationId":"one"}`),
			})
		}
		var got [2]int32
		until(t, "all are handed out", func() bool {
			c := h.info("$all", "g").GetConnections()
			got = [2]int32{c[0].GetInFlightMessages(), c[1].GetInFlightMessages()}
			return got[0]+got[1] == min(6, 2*buffer)
		})
		return got
	}
	filter := func(o *persistentpb.CreateReq_Options) {
		o.GetAll().FilterOption = &persistentpb.CreateReq_AllOptions_Filter{Filter: &persistentpb.CreateReq_AllOptions_FilterOptions{
			Filter: &persistentpb.CreateReq_AllOptions_FilterOptions_StreamIdentifier{
				StreamIdentifier: &persistentpb.CreateReq_AllOptions_FilterOptions_Expression{Prefix: []string{"s-"}},
			},
		}}
	}
	start := func(t *testing.T, name string) *house {
		h := build(t)
		same(t, fine, h.createGroup("$all", "g", strategy(name), filter))
		return h
	}
	t.Run("1.9 RoundRobin", func(t *testing.T) { same(t, [2]int32{3, 3}, spread(t, start(t, "RoundRobin"), 10)) })
	t.Run("1.9 DispatchToSingle", func(t *testing.T) { same(t, [2]int32{6, 0}, spread(t, start(t, "DispatchToSingle"), 10)) })
	t.Run("1.9 DispatchToSingle spills when full", func(t *testing.T) {
		same(t, [2]int32{4, 2}, spread(t, start(t, "DispatchToSingle"), 4))
	})
	t.Run("1.9 Pinned keeps a stream together", func(t *testing.T) {
		got := spread(t, start(t, "Pinned"), 10)
		if got[0]%2 != 0 {
			t.Errorf("a stream of two was split: %v", got)
		}
	})
	t.Run("1.9 PinnedByCorrelation keeps a correlation together", func(t *testing.T) {
		got := spread(t, start(t, "PinnedByCorrelation"), 10)
		if got[0] != 0 && got[1] != 0 {
			t.Errorf("a correlation was split: %v", got)
		}
	})
}

// TestGroupInfo: the strings and numbers of 1.9.
func TestGroupInfo(t *testing.T) {
	h := build(t, func(o *door.Options) { o.Now = func() time.Time { return noon } })
	h.write("a", 1, 3)
	same(t, fine, h.createGroup("a", "g", func(o *persistentpb.CreateReq_Options) { o.Settings.ExtraStatistics = true }))
	want := &persistentpb.SubscriptionInfo{
		EventSource: "a", GroupName: "g", Status: "Live", StartFrom: "0", MessageTimeoutMilliseconds: 60_000, ExtraStatistics: true,
		MaxRetryCount: 2, LiveBufferSize: 100, BufferSize: 50, ReadBatchSize: 10, CheckPointAfterMilliseconds: 1,
		MinCheckPointCount: 1, MaxCheckPointCount: 1, NamedConsumerStrategy: "RoundRobin",
	}
	t.Run("1.9 before the first, places are empty", func(t *testing.T) { same(t, want, h.info("a", "g")) })
	c := h.connect("a", "g", 2)
	c.take("0@a", "1@a")
	c.ack(1)
	c.take("2@a")
	until(t, "the checkpoint is stored", func() bool { return h.info("a", "g").GetLastCheckpointedEventPosition() != "" })
	t.Run("1.9 with a consumer", func(t *testing.T) {
		got := h.info("a", "g")
		if len(got.GetConnections()) != 1 || got.GetConnections()[0].GetFrom() == "" || got.GetConnections()[0].GetConnectionName() == "" {
			t.Fatalf("no connection, or nameless: %v", got)
		}
		connection := got.GetConnections()[0]
		var keys []string
		for _, m := range connection.GetObservedMeasurements() {
			keys = append(keys, m.GetKey())
		}
		same(t, strings.Split("Mean,Median,Fastest,Quintile 1,Quintile 2,Quintile 3,Quintile 4,Quintile 5,90%,95%,99%,99.5%,99.9%,Highest", ","), keys)
		connection.From, connection.ConnectionName, connection.ObservedMeasurements = "", "", nil
		connection.CountSinceLastMeasurement, got.CountSinceLastMeasurement = 0, 0 // depends on how often it was asked
		want.LastCheckpointedEventPosition, want.LastKnownEventPosition, want.TotalItems = "0", "2", 3
		want.TotalInFlightMessages, want.OutstandingMessagesCount = 2, 2
		want.Connections = []*persistentpb.SubscriptionInfo_ConnectionInfo{{
			Username: "anonymous", TotalItems: 1, AvailableSlots: 0, InFlightMessages: 2,
		}}
		same(t, want, got)
	})
	t.Run("1.9 the list", func(t *testing.T) {
		same(t, fine, h.createGroup("$all", "h"))
		for stream, n := range map[string]int{"": 2, "a": 1} {
			list, err := h.persistent.List(within(t), listOf(stream))
			if err != nil {
				t.Fatal(err)
			}
			same(t, n, len(list.GetSubscriptions()))
		}
	})
	t.Run("1.9 restart drops consumers and keeps the group", func(t *testing.T) {
		if _, err := h.persistent.RestartSubsystem(within(t), empty); err != nil {
			t.Fatal(err)
		}
		same(t, groupFault(codes.Canceled, "persistent-subscription-dropped", "a", "g"), c.ended())
		h.connect("a", "g", 5).take("1@a", "2@a")
	})
}
