package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/server"
	"sleutelbos/internal/limits"
)

// flow is an answer that goes on for long. Whoever asks holds a place while it lasts, and is
// asked again and again who they are. It ends when a bound is reached.
type flow struct {
	write func(*asking, *stream) error
	work  limits.Work
	time  time.Duration // in all
	slow  time.Duration // for one write
	// resumed says that clients come back for the rest, so that the end is no failure.
	resumed bool
}

// The bounds of a stream.
const (
	recheck      = time.Second      // how often it is asked whether the asker still has the right
	slowClient   = 30 * time.Second // a client that takes longer for one write is cut off
	downloadTime = 10 * time.Minute
	feedTime     = time.Hour
	lastWrite    = 5 * time.Second // for what is left to send once a stream has ended
)

// download is a flow that is whole only with its end.
func (a *API) download(write func(*asking, *stream) error) *flow {
	return &flow{write: write, work: limits.Download, time: downloadTime, slow: slowClient}
}

// errOver ends a stream because who asks has lost the right to it.
var errOver = errors.New("the stream is over")

// stream is where a flow is written to. Nothing of the database is held while it writes: what
// the answers yield was read before.
type stream struct {
	ctx     context.Context //nolint:containedctx // of this answer, which is shorter than its request's
	w       http.ResponseWriter
	control *http.ResponseController
	slow    time.Duration
	head    bool // only the header is asked for

	mu    sync.Mutex // keeps a write from moving the deadline that ended it
	began bool
}

// flow gives the asker a stream, if there is a place.
func (a *API) flow(k *asking) error {
	f := k.op.flow
	leave, err := a.Limits.Enter(f.work, limits.Asker{Account: k.who.AccountID, Address: server.ClientAddress(k.Request)})
	if err != nil {
		return err
	}
	defer leave()
	ctx, end := context.WithCancelCause(k.Context())
	defer end(nil)
	ctx, release := context.WithTimeoutCause(ctx, f.time, errTooLong)
	defer release()
	s := &stream{ctx: ctx, w: k.w, control: http.NewResponseController(k.w), slow: f.slow, head: k.Method == http.MethodHead}
	defer a.Stop.OnBegin(func() { end(problem.Stopping) })()
	cut := make(chan struct{})
	uncut := context.AfterFunc(ctx, func() { s.cut(); close(cut) })
	own := *k
	own.Request, own.w = k.WithContext(ctx), nil // all is written through the stream
	var watching sync.WaitGroup
	watching.Go(func() { a.watch(ctx, k, end) })
	defer func() { end(nil); watching.Wait() }()
	err = f.write(&own, s)
	if !uncut() {
		<-cut // or it would cut off the end that is still to be written
	}
	return s.end(f, err, k)
}

var errTooLong = problem.Later(http.StatusServiceUnavailable, "stream-too-long", time.Second)

// end returns what becomes of a stream that was written. If it broke off, the client is told.
func (s *stream) end(f *flow, err error, k *asking) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(lastWrite)) // not every writer has one
	if over := context.Cause(s.ctx); over != nil && err != nil {
		err = over // why it ended, rather than how that showed
	}
	switch {
	case err == nil, errors.Is(err, errHead):
		return nil
	case !s.began && errors.Is(err, errOver):
		return engine.ErrNotSignedIn
	case !s.began:
		return err
	}
	if !errors.Is(err, errGone) && !errors.Is(err, context.Canceled) && !errors.Is(err, problem.Stopping) {
		problem.Log(k.Context()).Warn("a stream broke off", "operation", k.op.id, "error", err.Error())
	}
	if f.resumed {
		return nil
	}
	panic(http.ErrAbortHandler) // a part must not be taken for the whole
}

// watch ends the stream of who lost the right, signed out or was blocked.
func (a *API) watch(ctx context.Context, k *asking, end context.CancelCauseFunc) {
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		who, err := a.Askers.Again(k.Request.WithContext(ctx))
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, engine.ErrNotSignedIn), err == nil && sees(who) != sees(k.who):
			end(errOver) // what may be seen is another thing now
			return
		case err != nil:
			end(err)
			return
		}
	}
}

// sees returns an asker without what does not matter to what they may see.
func sees(who rights.Principal) rights.Principal {
	who.Name = ""
	return who
}

// errHead ends an answer of which only the header was asked for.
var errHead = errors.New("only the header was asked for")

// errGone says that the client took nothing more.
var errGone = errors.New("the client is gone")

// Write writes for the client, who is given some time to take it.
func (s *stream) Write(p []byte) (int, error) {
	if err := s.may(); err != nil {
		return 0, err
	}
	n, err := s.w.Write(p)
	switch {
	case err != nil:
		return n, errGone
	case s.head:
		return n, errHead
	}
	return n, nil
}

// Flush sends what was written.
func (s *stream) Flush() error {
	if err := s.control.Flush(); err != nil {
		return errGone
	}
	return nil
}

// Header returns the header of the answer, to be set before the first write.
func (s *stream) Header() http.Header { return s.w.Header() }

// may moves the deadline of the next write, unless the stream is over.
func (s *stream) may() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := context.Cause(s.ctx); err != nil {
		return err
	}
	s.began = true
	_ = s.control.SetWriteDeadline(time.Now().Add(s.slow)) // not every writer has one
	return nil
}

// cut ends a write under way, which may wait for a client who takes nothing.
func (s *stream) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.control.SetWriteDeadline(time.Now()) // not every writer has one
}
