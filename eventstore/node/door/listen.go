package door

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"

	"google.golang.org/grpc/metadata"
)

// Listen listens on "host:port" or "unix:/path". A Unix socket is for this user only; one
// left behind by a process that died is replaced, one in use is an error.
func Listen(address string) (net.Listener, error) {
	path, isUnix := strings.CutPrefix(address, "unix:")
	if !isUnix {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listen for event store clients: %w", err)
		}
		return l, nil
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for event store clients: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("keep the event store's socket private: %w", err), l.Close())
	}
	return l, nil
}

func removeStale(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the event store's socket: %w", err)
	}
	if info.Mode()&fs.ModeSocket == 0 {
		return fmt.Errorf("listen for event store clients: %s is there and is no socket", path)
	}
	if conn, err := new(net.Dialer).DialContext(context.Background(), "unix", path); err == nil {
		return errors.Join(fmt.Errorf("listen for event store clients: %s is in use", path), conn.Close())
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("remove a socket left behind: %w", err)
	}
	return nil
}

// private says whether only this machine can reach the address.
func private(a net.Addr) bool {
	switch a := a.(type) {
	case *net.UnixAddr:
		return true
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	default:
		return a.Network() == "bufconn" // in memory, for tests
	}
}

// advertised returns the address that gossip tells. That is the one which the client called,
// because the door's own may be a wildcard or inside a container; the door's own if the client
// names none with a port.
func (s *Server) advertised(ctx context.Context) (string, uint32) {
	md, _ := metadata.FromIncomingContext(ctx)
	for _, address := range append(md.Get(":authority"), s.o.Listen.Addr().String()) {
		host, port, err := net.SplitHostPort(address)
		if err != nil || host == "" {
			continue
		}
		if n, err := strconv.ParseUint(port, 10, 16); err == nil {
			return host, uint32(n)
		}
	}
	return "", 0 // a Unix socket, which gossip can't tell of
}
