package door

import (
	"net"
	"sleutelbos/internal/limits"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// farewell is how long a connection that is one too many stays open, so that its client hears
// why.
const farewell = 5 * time.Second

var errCrowded = status.Error(codes.ResourceExhausted, "The event store has as many connections as it may have.")

// limited is a listener that keeps the number of connections in bounds, in all and from one
// address. A connection beyond them is marked, so that its calls are refused, and closed soon
// after. When there are as many marked ones as others, a further one is closed at once.
type limited struct {
	net.Listener
	open, tooMany *limits.Counted
}

func newLimited(l net.Listener, bounds limits.Connections) *limited {
	return &limited{Listener: l, open: limits.Count(bounds), tooMany: limits.Count(bounds)}
}

func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if left, err := l.open.Enter(c.RemoteAddr()); err == nil {
			return &countedConn{Conn: c, left: left}, nil
		}
		if left, err := l.tooMany.Enter(c.RemoteAddr()); err == nil {
			marked := &countedConn{Conn: c, left: left, tooMany: true}
			time.AfterFunc(farewell, func() { _ = marked.Close() }) // it fails if the client left before
			return marked, nil
		}
		_ = c.Close() // nobody is there to be told
	}
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
