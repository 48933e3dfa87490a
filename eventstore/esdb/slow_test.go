package esdb

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore"
)

// droppingServer is a server that finds every subscriber too slow after some events, as
// EventStoreDB 23.10 and KurrentDB do.
type droppingServer struct {
	streams.UnimplementedStreamsServer
	events uint64 // in the log, at the positions 1, 2, …
	most   uint64 // that a subscription gets before it is dropped

	mu    sync.Mutex
	froms []uint64 // with which subscriptions began
}

var dropTexts = []string{
	"Operation timed out: Consumer too slow to handle event while live. Client resubscription required.",
	"Operation timed out: Consumer too slow to handle event while transitioning to live. Client resubscription required.",
}

func (s *droppingServer) Read(req *streams.ReadReq, to streams.Streams_ReadServer) error {
	if req.GetOptions().GetSubscription() == nil {
		return nil
	}
	from := req.GetOptions().GetAll().GetPosition().GetCommitPosition()
	s.mu.Lock()
	s.froms = append(s.froms, from)
	text := dropTexts[len(s.froms)%len(dropTexts)]
	s.mu.Unlock()
	confirmed := &streams.ReadResp{Content: &streams.ReadResp_Confirmation{Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: "1"}}}
	if err := to.Send(confirmed); err != nil {
		return err
	}
	for at := from + 1; at <= s.events; at++ {
		if at > from+s.most {
			return status.Error(codes.Aborted, text)
		}
		if err := to.Send(appeared(eventstore.AtCommit(at))); err != nil {
			return err
		}
	}
	<-to.Context().Done()
	return nil
}

// TestF71_ASlowSubscriberGoesOn: it gets every event once, and neither it nor whoever looks at
// the store's health hears of the drops.
func TestF71_ASlowSubscriberGoesOn(t *testing.T) {
	server := &droppingServer{events: 500, most: 5}
	var said bytes.Buffer
	s := open(t, listenWith(t, server), Options{Logger: slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelInfo}))})
	watched, reach := eventstore.Watch(s, time.Now)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began, got := time.Now(), uint64(0)
	for d, err := range watched.Subscribe(ctx, eventstore.Position{}, eventstore.Filter{}) {
		must(t, err)
		if _, away := reach.Away(); away || s.health.away.Load() {
			t.Fatal("a slow subscriber is taken for a lost server")
		}
		if !d.IsEvent {
			continue
		}
		if got++; d.Position != eventstore.AtCommit(got) {
			t.Fatalf("event %d is that at %s", got, d.Position)
		}
		if got == server.events {
			break
		}
	}
	if took := time.Since(began); took > 2*time.Second { // a pause of 20 ms at each drop would take as long
		t.Errorf("it took %s", took)
	}
	if said.Len() > 0 {
		t.Errorf("it was said: %s", said.String())
	}
	if want := int(server.events / server.most); len(server.froms) < want {
		t.Errorf("dropped %d times, want %d", len(server.froms)-1, want-1)
	}
}

// TestF71_ADropWithoutAnEvent: a server that drops a subscriber before any event is not asked
// without a pause.
func TestF71_ADropWithoutAnEvent(t *testing.T) {
	server := &droppingServer{events: 1, most: 0}
	s := open(t, listenWith(t, server), Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	for d, err := range s.Subscribe(ctx, eventstore.Position{}, eventstore.Filter{}) {
		if err == nil {
			t.Fatal(fmt.Sprint("delivered: ", d))
		}
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	if n := len(server.froms); n < 2 || n > 20 {
		t.Errorf("it subscribed %d times", n)
	}
}
