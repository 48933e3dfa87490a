package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"sleutelbos/http/problem"
	"sleutelbos/internal/limits"
)

// Server answers requests, and stops without telling any client something untrue.
type Server struct {
	http  *http.Server
	conns *conns
	cut   context.CancelCauseFunc // ends the requests under way
	log   *slog.Logger
}

// New returns a server with the bounds that net/http leaves open, and those of its connections.
// Answers that stream move the deadline of their writing themselves.
func New(h http.Handler, bounds limits.Connections, log *slog.Logger) *Server {
	requests, cut := context.WithCancelCause(context.Background())
	return &Server{
		http: &http.Server{
			Handler: arrive(h), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
			ReadHeaderTimeout: headerTimeout, ReadTimeout: requestTimeout, WriteTimeout: requestTimeout + idleTimeout,
			IdleTimeout: idleTimeout, MaxHeaderBytes: 32 << 10,
			BaseContext: func(net.Listener) context.Context { return requests }, ConnContext: know,
		},
		conns: &conns{count: limits.Count(bounds), all: map[*conn]struct{}{}}, cut: cut, log: log,
	}
}

// Serve answers requests until the server is stopped. Errors: the listener failed.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(listener{l, s.conns}); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// The pace of a stop.
const (
	arriveWithin = time.Second     // for what a client is about to send
	lastWords    = 2 * time.Second // for requests to say that they were not done
	hurryEvery   = 100 * time.Millisecond
)

// Stop takes no new requests and waits for those under way. Those that are still not done
// shortly before the time is up are told to end, and say so with 503. Whoever only waits for a
// client holds nobody up.
func (s *Server) Stop(within time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	late := time.AfterFunc(within-lastWords, func() { s.cut(problem.Stopping) })
	defer late.Stop()
	go s.hurry(ctx)
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("requests did not end in time and were cut off")
		err = s.http.Close()
	}
	s.cut(problem.Stopping)
	return err
}

// hurry ends, until the context does, what waits for a client.
func (s *Server) hurry(ctx context.Context) {
	wait := arriveWithin
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		s.conns.hurry()
		wait = hurryEvery
	}
}

// Stop is how the program tells long answers that it stops, before everything else.
type Stop struct {
	ctx   context.Context //nolint:containedctx // it is what this type is
	begin context.CancelCauseFunc
}

// NewStop returns a stop that has not begun.
func NewStop() *Stop {
	ctx, begin := context.WithCancelCause(context.Background())
	return &Stop{ctx, begin}
}

// Begin tells them.
func (s *Stop) Begin() { s.begin(problem.Stopping) }

// OnBegin calls a function once the stop begins, unless the returned function is called before.
func (s *Stop) OnBegin(do func()) (forget func() bool) { return context.AfterFunc(s.ctx, do) }
