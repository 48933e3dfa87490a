package esdb

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore"
)

// The fake servers of this package answer as real ones were seen to, where the embedded log does not:
// one drops slow subscribers (slow_test.go), one sends a checkpoint at the place of the next event
// (checkpoint_test.go), one is away for a minute (outage_test.go), and those of
// this file refuse a position, are no leader any more, and answer a repeated append late.

// refusingServer knows no event at the positions that it is asked for.
type refusingServer struct {
	streams.UnimplementedStreamsServer
	read, subscription error
}

func (s *refusingServer) Read(req *streams.ReadReq, _ streams.Streams_ReadServer) error {
	if req.GetOptions().GetSubscription() != nil {
		return s.subscription
	}
	return s.read
}

// TestF75_APositionThatIsRefused is no event of this log, and no lost server: it is told at once.
func TestF75_APositionThatIsRefused(t *testing.T) {
	for version, server := range map[string]*refusingServer{
		"23.10": {read: status.Error(codes.Unknown, "Unexpected ReadAllResult: Error"), subscription: status.Error(codes.Unknown, "Exception was thrown by handler.")},
		"24.10": {read: status.Error(codes.Unknown, "Unexpected ReadAllResult: InvalidPosition"), subscription: status.Error(codes.InvalidArgument, "Trying to read from an invalid position.")},
	} {
		t.Run(version, func(t *testing.T) {
			s := open(t, listenWith(t, server), Options{})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			at := eventstore.AtCommit(17)
			if r, found, err := s.At(ctx, at); found || err != nil {
				t.Errorf("at: %+v, %v, %v", r, found, err)
			}
			told := func(what string, err error) {
				if err == nil || errors.Is(err, eventstore.ErrUnavailable) || ctx.Err() != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
			for _, dir := range []eventstore.Direction{eventstore.Forwards, eventstore.Backwards} {
				var err error
				for _, err = range s.ReadAll(ctx, at, dir, eventstore.Filter{}) {
				}
				told("read", err)
			}
			var err error
			for _, err = range s.Subscribe(ctx, at, eventstore.Filter{}) {
			}
			told("subscribe", err)
		})
	}
}

// TestANodeThatIsNoLongerLeader sends its clients to the new one, which answers.
func TestANodeThatIsNoLongerLeader(t *testing.T) {
	leader := serve(t, "127.0.0.1:0")
	host, port, err := net.SplitHostPort(leader.listen)
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	follower := grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, call grpc.ServerStream) error {
		method, _ := grpc.MethodFromServerStream(call)
		if !strings.Contains(method, ".streams.") {
			return status.Error(codes.Unimplemented, "none")
		}
		call.SetTrailer(metadata.Pairs("exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port))
		return status.Error(codes.NotFound, "Leader info available")
	}))
	go func() { _ = follower.Serve(listener) }() // it ends with Stop
	defer follower.Stop()
	for _, name := range []string{"Append", "ReadStream", "Head", "Subscribe"} {
		s := open(t, "esdb://"+listener.Addr().String()+"?tls=false", Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err := methods(s)[name](ctx)
		for name == "Subscribe" && errors.Is(err, eventstore.ErrUnavailable) && ctx.Err() == nil { // whoever subscribes does it again
			err = methods(s)[name](ctx)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

// lateServer stores an append, loses its answer, and answers its repetition late and with the first
// one's revision, as one that is still in flight is answered.
type lateServer struct {
	streams.UnimplementedStreamsServer
	after time.Duration

	mu  sync.Mutex
	ids []string // of the events, in the order of the appends
}

func (s *lateServer) Append(call streams.Streams_AppendServer) error {
	for {
		req, err := call.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if m := req.GetProposedMessage(); m != nil {
			s.mu.Lock()
			s.ids = append(s.ids, idOf(m.GetId()))
			s.mu.Unlock()
		}
	}
	s.mu.Lock()
	repeated := len(s.ids) > 1
	s.mu.Unlock()
	if !repeated {
		return status.Error(codes.Unavailable, "the connection broke")
	}
	select {
	case <-time.After(s.after):
	case <-call.Context().Done():
		return call.Context().Err()
	}
	return call.SendAndClose(&streams.AppendResp{Result: &streams.AppendResp_Success_{Success: &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_CurrentRevision{CurrentRevision: 7},
		PositionOption:        &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{CommitPosition: 70, PreparePosition: 70}},
	}}})
}

func idOf(id *shared.UUID) string {
	if text := id.GetString_(); text != "" {
		return text
	}
	return id.GetStructured().String()
}

// TestARepeatedAppendIsAnsweredLate, and waited for: nobody takes it for another one.
func TestARepeatedAppendIsAnsweredLate(t *testing.T) {
	server := &lateServer{after: 300 * time.Millisecond} // of the server's 3 s
	s := open(t, listenWith(t, server), Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := s.Append(ctx, "a", 6, event())
	must(t, err)
	if r.Revision != 7 || r.Position != eventstore.AtCommit(70) {
		t.Errorf("got %+v", r)
	}
	if len(server.ids) != 2 || server.ids[0] != server.ids[1] {
		t.Errorf("the events sent were %q", server.ids)
	}
}
