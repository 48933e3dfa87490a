package esdb

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/feed"
)

// aheadServer is a server whose checkpoint names the place where the next event will stand, as
// that of KurrentDB 25.0.0 does after whole pages.
type aheadServer struct {
	streams.UnimplementedStreamsServer
	first      eventstore.Position // of the event before the checkpoint
	checkpoint eventstore.Position
	next       eventstore.Position // of the event behind it

	mu    sync.Mutex
	froms []eventstore.Position // with which subscriptions began
	more  chan struct{}         // closed when the next event is written
}

func (s *aheadServer) Read(req *streams.ReadReq, to streams.Streams_ReadServer) error {
	if req.GetOptions().GetSubscription() == nil {
		return to.Send(appeared(s.place(req)))
	}
	var from eventstore.Position
	if p := req.GetOptions().GetAll().GetPosition(); p != nil {
		from = eventstore.NewPosition(p.GetCommitPosition(), p.GetPreparePosition())
	}
	s.mu.Lock()
	s.froms = append(s.froms, from)
	s.mu.Unlock()
	messages := []*streams.ReadResp{
		{Content: &streams.ReadResp_Confirmation{Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: "1"}}},
	}
	if s.first.After(from) {
		messages = append(messages, appeared(s.first))
	}
	messages = append(messages,
		&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{Checkpoint: &streams.ReadResp_Checkpoint{
			CommitPosition: s.checkpoint.Commit(), PreparePosition: s.checkpoint.Prepare(),
		}}},
		&streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}},
	)
	for _, m := range messages {
		if err := to.Send(m); err != nil {
			return err
		}
	}
	select {
	case <-s.more:
	case <-to.Context().Done():
		return nil
	}
	if s.next.After(from) {
		if err := to.Send(appeared(s.next)); err != nil {
			return err
		}
	}
	<-to.Context().Done()
	return nil
}

// place returns where a read of one event begins: at the position, or with the newest.
func (s *aheadServer) place(req *streams.ReadReq) eventstore.Position {
	if p := req.GetOptions().GetAll().GetPosition(); p != nil {
		return eventstore.NewPosition(p.GetCommitPosition(), p.GetPreparePosition())
	}
	select {
	case <-s.more:
		return s.next
	default:
		return s.first
	}
}

// appeared is a message that brings the event at a position, the same one each time.
func appeared(at eventstore.Position) *streams.ReadResp {
	commit := at.Commit()
	return &streams.ReadResp{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{
		Event: &streams.ReadResp_ReadEvent_RecordedEvent{
			Id:               &shared.UUID{Value: &shared.UUID_String_{String_: uuid.NewSHA1(uuid.Nil, []byte(at.String())).String()}},
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte("account-1")}, CommitPosition: commit, PreparePosition: at.Prepare(),
			Metadata: map[string]string{"type": "account.blocked.v1", "content-type": "application/json", "created": "17000000000000000"},
			Data:     []byte("{}"),
		},
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: commit},
	}}}
}

// listenWith serves a fake server, and returns how to reach it.
func listenWith(t *testing.T, fake streams.StreamsServer) string {
	t.Helper()
	path := socket(t)
	listener, err := net.Listen("unix", path)
	must(t, err)
	server := grpc.NewServer()
	streams.RegisterStreamsServer(server, fake)
	go func() { _ = server.Serve(listener) }() // it ends with Stop
	t.Cleanup(server.Stop)
	return "esdb+unix://" + path
}

// TestF79_ACheckpointAtThePlaceOfTheNextEvent: the event comes, in the same subscription and in
// one that begins where the subscriber came to.
func TestF79_ACheckpointAtThePlaceOfTheNextEvent(t *testing.T) {
	first, next := eventstore.AtCommit(100), eventstore.AtCommit(200)
	for _, checkpoint := range []eventstore.Position{eventstore.NewPosition(200, 0), eventstore.NewPosition(200, 100), next} {
		t.Run(fmt.Sprint(checkpoint.Prepare()), func(t *testing.T) {
			server := &aheadServer{first: first, checkpoint: checkpoint, next: next, more: make(chan struct{})}
			store := open(t, listenWith(t, server), Options{})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			begin := func(after eventstore.Position, enough func(machinery.Batch) bool) machinery.Batch {
				ctx, end := context.WithCancel(machinery.WithStart(ctx, after))
				defer end()
				// Each has a subscriber of its own, so that none takes what another has read.
				subscriber := &feed.Subscriber{Store: store, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
				defer subscriber.Close()
				messages, err := subscriber.Subscribe(ctx, "test")
				must(t, err)
				for m := range messages {
					b, _ := machinery.BatchOf(m.Context())
					m.Ack()
					if enough(b) {
						return b
					}
				}
				t.Fatal("what was waited for did not come")
				return machinery.Batch{}
			}
			caughtUp := begin(eventstore.Position{}, func(b machinery.Batch) bool { return b.CaughtUp })
			if !caughtUp.Position.After(first) || !caughtUp.Position.Before(next) {
				t.Errorf("caught up at %+v", caughtUp.Position)
			}
			of := func(at eventstore.Position) func(machinery.Batch) bool {
				return func(b machinery.Batch) bool {
					return slices.ContainsFunc(b.Events, func(r eventstore.Recorded) bool { return r.Position == at })
				}
			}
			var once sync.Once
			begin(eventstore.Position{}, func(b machinery.Batch) bool { // in the same subscription
				if b.CaughtUp {
					once.Do(func() { close(server.more) })
				}
				return of(next)(b) && b.Position == next
			})
			begin(caughtUp.Position, of(next)) // in another one
			server.mu.Lock()
			defer server.mu.Unlock()
			if checkpoint.Prepare() < checkpoint.Commit() && !slices.Contains(server.froms, checkpoint) {
				t.Errorf("the checkpoint was not given back; subscriptions began with %v", server.froms)
			}
		})
	}
}
