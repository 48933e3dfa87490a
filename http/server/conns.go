package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"sleutelbos/http/problem"
	"sleutelbos/internal/limits"
)

// conns are the connections of a server, and what each of them waits for. net/http knows whether
// a request is under way, but not whether it waits for us or for its client.
type conns struct {
	count *limits.Counted

	mu  sync.Mutex
	all map[*conn]struct{}
}

// conn is a connection. It waits for its client while a request has not arrived, while the body
// of one arrives, and while a write is not taken.
type conn struct {
	net.Conn
	of       *conns
	leave    func()       // counts it out
	begun    atomic.Bool  // a request came
	arriving atomic.Bool  // the body of a request is not complete
	hurried  atomic.Bool  // the stop kept it from arriving
	writing  atomic.Int64 // when the write under way began, in nanoseconds; 0 for none
}

// listener counts the connections of another one.
type listener struct {
	net.Listener
	of *conns
}

// Accept returns the next connection for which there is room. One that is too many is closed.
func (l listener) Accept() (net.Conn, error) {
	accepted, leave, err := l.enter()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: accepted, of: l.of, leave: leave}
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	l.of.all[c] = struct{}{}
	return c, nil
}

func (l listener) enter() (accepted net.Conn, leave func(), err error) {
	for {
		if accepted, err = l.Listener.Accept(); err != nil {
			return nil, nil, err
		}
		if leave, err = l.of.count.Enter(accepted.RemoteAddr()); err == nil {
			return accepted, leave, nil
		}
		_ = accepted.Close() // nobody is there to be told
	}
}

// Write notes since when the client has been given something.
func (c *conn) Write(p []byte) (int, error) {
	c.writing.Store(time.Now().UnixNano())
	defer c.writing.Store(0)
	return c.Conn.Write(p)
}

// Close closes the connection.
func (c *conn) Close() error {
	c.of.mu.Lock()
	delete(c.of.all, c)
	c.of.mu.Unlock()
	c.leave()
	return c.Conn.Close()
}

// slowWrite is how long a client may take for one write once the program stops.
const slowWrite = time.Second

// hurry ends what waits for a client: the program stops.
func (s *conns) hurry() {
	s.mu.Lock()
	waiting := make([]*conn, 0, len(s.all))
	for c := range s.all {
		waiting = append(waiting, c)
	}
	s.mu.Unlock()
	for _, c := range waiting {
		began := c.writing.Load()
		switch {
		case !c.begun.Load(), began != 0 && time.Since(time.Unix(0, began)) > slowWrite:
			_ = c.Close() // the client is told by that
		case c.arriving.Load():
			c.hurried.Store(true)
			_ = c.SetReadDeadline(time.Now()) // then the request is answered
		}
	}
}

type connKey struct{}

// know tells the requests of a connection which one it is.
func know(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// arrive notes whether the body of a request has arrived.
func arrive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := r.Context().Value(connKey{}).(*conn)
		if ok {
			c.begun.Store(true)
			c.arriving.Store(r.Body != http.NoBody)
			r.Body = &body{r.Body, c}
		}
		next.ServeHTTP(w, r)
	})
}

// body is that of a request.
type body struct {
	io.ReadCloser
	from *conn
}

// Read reads on. If a stop kept the rest from arriving, that is the error.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == nil {
		return n, nil
	}
	b.from.arriving.Store(false)
	if b.from.hurried.Load() && !errors.Is(err, io.EOF) {
		err = problem.Stopping
	}
	return n, err
}
