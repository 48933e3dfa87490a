package limits

import (
	"errors"
	"net"
	"sync"
)

// Connections are the bounds of a listener.
type Connections struct {
	All     int // in all
	Address int // from one address; see Network
	// Spared says whether an address counts only in all: that of a proxy, behind which everybody is.
	// Nil spares none.
	Spared func(address string) bool
}

// The bounds of the program's listeners. What a client may follow (see Feed) finds room.
var (
	WebConnections        = Connections{All: 8_000, Address: 3_000}
	ManagementConnections = Connections{All: 500, Address: 500}
	DoorConnections       = Connections{All: 2_000, Address: 500}
)

// Why a connection is one too many.
var (
	ErrCrowded        = errors.New("there are as many connections as there may be")
	ErrAddressCrowded = errors.New("there are as many connections from this address as there may be")
)

// Counted counts the connections of a listener. It is safe for concurrent use.
type Counted struct {
	bounds Connections

	mu   sync.Mutex
	all  int
	from map[string]int // by network, while it has connections
}

// Count returns a count of none.
func Count(bounds Connections) *Counted { return &Counted{bounds: bounds, from: map[string]int{}} }

// Enter counts a connection, and returns how to count it out. Errors: ErrCrowded,
// ErrAddressCrowded.
func (c *Counted) Enter(from net.Addr) (leave func(), err error) {
	network := ""
	if tcp, ok := from.(*net.TCPAddr); ok {
		address := tcp.AddrPort().Addr().Unmap().String()
		if c.bounds.Spared == nil || !c.bounds.Spared(address) {
			network = Network(address)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.all >= c.bounds.All:
		return nil, ErrCrowded
	case network != "" && c.from[network] >= c.bounds.Address:
		return nil, ErrAddressCrowded
	}
	c.all++
	if network != "" {
		c.from[network]++
	}
	return sync.OnceFunc(func() { c.leave(network) }), nil
}

func (c *Counted) leave(network string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if network == "" {
		return
	}
	if c.from[network]--; c.from[network] == 0 {
		delete(c.from, network)
	}
}
