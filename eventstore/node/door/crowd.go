package door

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// farewell is how long a connection that is one too many stays open, so that its client hears
// why.
const farewell = 5 * time.Second

var errCrowded = status.Error(codes.ResourceExhausted, "The event store has as many connections as it may have.")

// limited is a listener that keeps the number of connections in bounds. A connection beyond
// the bound is marked, so that its calls are refused, and closed soon after. When there are as
// many marked ones as others, a further one is closed at once.
type limited struct {
	net.Listener
	most          int64
	open, tooMany atomic.Int64
}

func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if left, ok := l.enter(&l.open); ok {
			return &countedConn{Conn: c, left: left}, nil
		}
		if left, ok := l.enter(&l.tooMany); ok {
			marked := &countedConn{Conn: c, left: left, tooMany: true}
			time.AfterFunc(farewell, func() { _ = marked.Close() }) // it fails if the client left before
			return marked, nil
		}
		_ = c.Close() // nobody is there to be told
	}
}

// enter counts a connection in if there is room; left counts it out.
func (l *limited) enter(count *atomic.Int64) (left func(), ok bool) {
	if count.Add(1) > l.most {
		count.Add(-1)
		return nil, false
	}
	return sync.OnceFunc(func() { count.Add(-1) }), true
}

// countedConn is a connection of a limited listener.
type countedConn struct {
	net.Conn
	left    func() // once
	tooMany bool
}

func (c *countedConn) Close() error {
	c.left()
	return c.Conn.Close()
}

// RemoteAddr returns the address of the client, and with it the mark: nothing else comes
// through gRPC and TLS to a call.
func (c *countedConn) RemoteAddr() net.Addr {
	if c.tooMany {
		return crowdedAddr{c.Conn.RemoteAddr()}
	}
	return c.Conn.RemoteAddr()
}

// crowdedAddr is the address of a client whose connection is one too many.
type crowdedAddr struct{ net.Addr }
