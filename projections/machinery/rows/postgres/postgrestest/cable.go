package postgrestest

import (
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// Cable leads from an address to a server. When it is cut nothing is carried and no connection ends,
// as in a network that loses everything.
type Cable struct {
	listener net.Listener
	socket   string
	url      string
	all      sync.WaitGroup

	mu    sync.Mutex
	whole chan struct{} // closed while it carries
	conns []net.Conn
}

// LayCable leads to the database of a connection string that URL or Server.URL returned, until the
// test ends.
func LayCable(t testing.TB, databaseURL string) *Cable {
	t.Helper()
	to, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Cable{listener: l, socket: filepath.Join(to.Query().Get("host"), ".s.PGSQL.5432"), whole: make(chan struct{})}
	c.url = "postgres://sleutelbos@" + l.Addr().String() + to.Path + "?sslmode=disable"
	close(c.whole)
	c.all.Go(c.accept)
	t.Cleanup(c.close)
	return c
}

// URL is the connection string of the database at the other end.
func (c *Cable) URL() string { return c.url }

func (c *Cable) accept() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return
		}
		c.all.Go(func() { c.lead(near) })
	}
}

func (c *Cable) close() {
	_ = c.listener.Close() // nobody asks any more
	c.mu.Lock()
	for _, conn := range c.conns {
		_ = conn.Close() // one end may have closed it
	}
	c.mu.Unlock()
	c.Mend()
	c.all.Wait()
}

// Cut makes it carry nothing.
func (c *Cable) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = make(chan struct{})
}

// Mend makes it carry again, first what was sent meanwhile.
func (c *Cable) Mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.whole:
	default:
		close(c.whole)
	}
}

func (c *Cable) carries() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.whole
}

func (c *Cable) lead(near net.Conn) {
	<-c.carries()
	far, err := net.Dial("unix", c.socket) //nolint:noctx // the cable ends with its connections
	if err != nil {
		_ = near.Close()
		return
	}
	c.mu.Lock()
	c.conns = append(c.conns, near, far)
	c.mu.Unlock()
	c.all.Go(func() { c.carry(far, near) })
	c.carry(near, far)
}

func (c *Cable) carry(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		<-c.carries()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	_, _ = from.Close(), to.Close()
}
