package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"sleutelbos/http/server"
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

// serve answers requests until the context ends or a listener fails. Then it takes no new
// ones, and waits for those under way.
func (a *App) serve(ctx context.Context) error {
	requests, stopRequests := context.WithCancel(context.WithoutCancel(ctx)) // streams end when it does
	defer stopRequests()
	front := server.HTTP(a.web.Addr().String(), a.Handler, a.Log)
	front.BaseContext = func(net.Listener) context.Context { return requests }
	back := server.HTTP(a.management.Addr().String(), a.Management, a.Log)
	ended := make(chan error, 2)
	go func() { ended <- closed(front.Serve(a.web)) }()
	go func() { ended <- closed(back.Serve(a.management)) }()
	running, errs := 2, []error(nil)
	select {
	case <-ctx.Done():
		a.Log.InfoContext(ctx, "stopping")
	case err := <-ended:
		errs = append(errs, err)
		running--
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	front.RegisterOnShutdown(stopRequestsAfter(grace, stopRequests))
	errs = append(errs, front.Shutdown(grace), back.Shutdown(grace))
	for range running {
		errs = append(errs, <-ended)
	}
	return errors.Join(errs...)
}

// stopRequestsAfter ends streams shortly after the stop began: they would never end by
// themselves, and everything else is answered by then.
func stopRequestsAfter(grace context.Context, stop context.CancelFunc) func() {
	return func() {
		timer := time.AfterFunc(time.Second, stop)
		context.AfterFunc(grace, func() { timer.Stop(); stop() })
	}
}

func closed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
