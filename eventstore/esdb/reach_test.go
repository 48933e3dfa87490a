package esdb

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sleutelbos/eventstore"
	"sleutelbos/internal/reach"
)

// silent takes connections, and says nothing.
func silent(t *testing.T, secure bool) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	if secure {
		withCertificate := httptest.NewUnstartedServer(nil)
		withCertificate.StartTLS()
		certificates := withCertificate.TLS.Certificates
		withCertificate.Close()
		l = tls.NewListener(l, &tls.Config{Certificates: certificates, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12})
	}
	taken, ended := make(chan net.Conn, 1000), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			taken <- c
			if secure {
				go func() { _, _ = c.Read(make([]byte, 1)) }() // shakes hands
			}
		}
	}()
	t.Cleanup(func() {
		must(t, l.Close())
		<-ended
		close(taken)
		for c := range taken {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

// TestF69_WhyNobodyAnswers: the cause is in the sentence, and an absent server is one that may come.
func TestF69_WhyNobodyAnswers(t *testing.T) {
	plain := serve(t, "127.0.0.1:0").listen
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, closed.Close())
	for name, c := range map[string]struct{ connection, says string }{
		"nothing listens":                 {"esdb://" + closed.Addr().String() + "?tls=false", closed.Addr().String() + " refuses the connection: nothing listens there"},
		"there is no such host":           {"esdb://nowhere.invalid:2113?tls=false", "nowhere.invalid"},
		"a plain server asked by TLS":     {"esdb://" + plain, plain + " answers without TLS"},
		"a TLS server asked without":      {"esdb://" + silent(t, true) + "?tls=false", "wants TLS: take tls=false out"},
		"a certificate of somebody":       {"esdb://" + silent(t, true), "is not believed: it is signed by somebody unknown"},
		"it takes connections and sleeps": {"esdb://" + silent(t, false) + "?tls=false", "takes the connection, and does not answer"},
		"the seeds of a cluster":          {"esdb+discover://" + closed.Addr().String() + ",nowhere.invalid:2113?tls=false", "nothing listens there; "},
		"a socket that is not there":      {"esdb+unix:///nowhere/s", "/nowhere/s is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, c.connection, Options{})
			err := s.Explain(t.Context(), eventstore.ErrUnavailable) // Reach leaves a call behind that waits for ever
			if !errors.Is(err, eventstore.ErrUnavailable) || !strings.Contains(reach.Why(err), c.says) {
				t.Errorf("got %q (%v), want a sentence with %q", reach.Why(err), err, c.says)
			}
		})
	}
}

func TestF69_ARightThatIsMissing(t *testing.T) {
	s := open(t, "esdb://"+serve(t, "127.0.0.1:0").listen+"?tls=false", Options{})
	must(t, s.Reach(t.Context()))
	head, err := s.Head(t.Context())
	must(t, err)
	must(t, s.MayAppend(t.Context()))
	if after, err := s.Head(t.Context()); err != nil || after != head {
		t.Errorf("asking whether it may append moved the log from %s to %s, %v", head, after, err)
	}
}

// guardedServer refuses whoever asks.
type guardedServer struct {
	streams.UnimplementedStreamsServer
	read, write error
}

func (s *guardedServer) Read(*streams.ReadReq, streams.Streams_ReadServer) error { return s.read }
func (s *guardedServer) Append(streams.Streams_AppendServer) error               { return s.write }

// TestF69_ARefusal is told at once, as one that does not pass by itself, and says what to do.
func TestF69_ARefusal(t *testing.T) {
	nobody, forbidden := status.Error(codes.Unauthenticated, "Authentication Failed"), status.Error(codes.PermissionDenied, "Access Denied")
	for name, c := range map[string]struct {
		server    guardedServer
		ask       func(*Store, context.Context) error
		says, not string
	}{
		"credentials, at a read":    {guardedServer{read: nobody}, (*Store).Reach, "does not take the user or the password", "out of reach"},
		"credentials, at an append": {guardedServer{write: nobody}, (*Store).MayAppend, "does not take the user or the password", "out of reach"},
		"rights, at a read":         {guardedServer{read: forbidden}, (*Store).Reach, "read its log ($all)", "out of reach"},
		"rights, at an append":      {guardedServer{write: forbidden}, (*Store).MayAppend, "let this user append", "out of reach"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, listenWith(t, &c.server), Options{})
			ctx, cancel := context.WithTimeout(t.Context(), slack)
			defer cancel()
			err := c.ask(s, ctx)
			if err == nil || reach.Away(err) || ctx.Err() != nil {
				t.Errorf("got %v", err)
			}
			if why := reach.Why(err); !strings.Contains(why, c.says) || strings.Contains(why, c.not) {
				t.Errorf("says %q, want %q", why, c.says)
			}
		})
	}
}

// TestF69_AwayBetweenTwoQuestions: a server that goes after it has shown its log is one that may come back.
func TestF69_AwayBetweenTwoQuestions(t *testing.T) {
	path := socket(t)
	server := serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{})
	must(t, s.Reach(t.Context()))
	server.shut()
	if err := s.MayAppend(t.Context()); !reach.Away(err) || reach.Why(err) == "" {
		t.Errorf("got %v, says %q", err, reach.Why(err))
	}
	server.open()
}
