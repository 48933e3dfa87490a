package esdb

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// TestF16_OnlyTheLeaderIsAsked: each call says so where the server hears it, also if the connection
// string prefers another node.
func TestF16_OnlyTheLeaderIsAsked(t *testing.T) {
	for _, preference := range []string{"leader", "follower", "random"} {
		t.Run(preference, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			must(t, err)
			var mu sync.Mutex
			heard := map[string][]string{}
			server := grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, call grpc.ServerStream) error {
				method, _ := grpc.MethodFromServerStream(call)
				given, _ := metadata.FromIncomingContext(call.Context())
				if !strings.Contains(method, ".streams.") {
					return status.Error(codes.Unimplemented, "none")
				}
				mu.Lock()
				defer mu.Unlock()
				heard[method] = append(heard[method], strings.Join(given.Get("requires-leader"), ","))
				return nil
			}))
			go func() { _ = server.Serve(listener) }() // it ends with Stop
			defer server.Stop()
			s, err := Open("esdb://"+listener.Addr().String()+"?tls=false&nodePreference="+preference, Options{})
			if err == nil {
				t.Cleanup(func() { must(t, s.Close()) })
				for _, call := range methods(s) {
					ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
					_ = call(ctx) // the server does nothing
					cancel()
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if len(heard) < 2 { // reads and appends
				t.Fatal("nothing was heard")
			}
			for method, all := range heard {
				for _, said := range all {
					if said != "true" {
						t.Errorf("%s: requires-leader is %q", method, said)
					}
				}
			}
		})
	}
}

// TestF72_SeveralHostsAreGossipSeeds with either scheme, also if one of them is away.
func TestF72_SeveralHostsAreGossipSeeds(t *testing.T) {
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	away := reserved.Addr().String()
	must(t, reserved.Close())
	node := serve(t, "127.0.0.1:0")
	for _, scheme := range []string{"esdb", "esdb+discover"} {
		for _, hosts := range []string{node.listen + "," + away, away + "," + node.listen} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			s := open(t, scheme+"://"+hosts+"?tls=false", Options{Timeout: 5 * time.Second})
			if err := methods(s)["Append"](ctx); err != nil {
				t.Errorf("%s with %s: %v", scheme, hosts, err)
			}
		}
	}
}
