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

func Listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

// Listen takes requests and runs the parts until the context ends. At the end no new
// requests are taken, those under way are answered, and then the parts stop.
func (v *App) Listen(ctx context.Context, web, management net.Listener, started func() error) error {
	parts, stopParts := context.WithCancel(context.WithoutCancel(ctx))
	defer stopParts()
	requests, stopRequests := context.WithCancel(context.WithoutCancel(ctx)) // streams end when it does
	defer stopRequests()
	front := server.HTTP(web.Addr().String(), v.Handler, v.Log)
	front.BaseContext = func(net.Listener) context.Context { return requests }
	back := server.HTTP(management.Addr().String(), v.Manage, v.Log)

	ended := make(chan error, 3)
	go func() { ended <- v.run(parts) }()
	go func() { ended <- closed(front.Serve(web)) }()
	go func() { ended <- closed(back.Serve(management)) }()
	first := started()
	running := 3
	if first == nil {
		select {
		case <-ctx.Done():
			v.Log.InfoContext(ctx, "stopping")
		case first = <-ended:
			running--
		}
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	front.RegisterOnShutdown(stopRequestsAfter(grace, stopRequests))
	errs := []error{first, front.Shutdown(grace), back.Shutdown(grace)}
	stopParts()
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
