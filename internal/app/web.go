package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"sleutelbos/http/server"
	"sleutelbos/internal/limits"
)

// stopWithin is how long requests under way get at the end.
const stopWithin = 10 * time.Second

// listen takes the addresses, if Web is among the parts, and decides the public URL.
func (a *App) listen(ctx context.Context, _ Adjust) error {
	if a.parts&Web == 0 {
		if a.serving.PublicURL == "" {
			return errors.New("without an address to listen on, the public URL must be given")
		}
		return a.findPublicURL(nil)
	}
	for _, l := range []struct {
		listener *net.Listener
		address  string
	}{{&a.web, a.serving.HTTP}, {&a.management, a.serving.Management}} {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.address)
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		*l.listener = listener
		a.closers = append(a.closers, func() error {
			if err := listener.Close(); !errors.Is(err, net.ErrClosed) { // Run closes it, too
				return err
			}
			return nil
		})
	}
	return a.findPublicURL(a.web.Addr())
}

func (a *App) findPublicURL(listening net.Addr) (err error) {
	a.PublicURL, err = a.serving.publicURL(listening)
	return err
}

// webConnections returns how many connections the web address takes. Behind a proxy is everybody.
func (a *App) webConnections() limits.Connections {
	bounds := limits.WebConnections
	bounds.Spared = func(address string) bool {
		ip, err := netip.ParseAddr(address)
		return err == nil && slices.ContainsFunc(a.proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
	}
	return bounds
}

// serve answers requests until the context ends or a listener fails. Then it takes no new
// ones, and waits for those under way.
func (a *App) serve(ctx context.Context) error {
	front, back := server.New(a.Handler, a.webConnections(), a.Log), server.New(a.Management, limits.ManagementConnections, a.Log)
	ended := make(chan error, 2)
	go func() { ended <- front.Serve(a.web) }()
	go func() { ended <- back.Serve(a.management) }()
	running, errs := 2, []error(nil)
	select {
	case <-ctx.Done():
		a.Log.InfoContext(ctx, "stopping")
	case err := <-ended:
		errs = append(errs, err)
		running--
	}
	a.stop.Begin()
	errs = append(errs, front.Stop(stopWithin), back.Stop(stopWithin))
	for range running {
		errs = append(errs, <-ended)
	}
	return errors.Join(errs...)
}
