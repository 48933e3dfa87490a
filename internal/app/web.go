package app

import (
	"context"
	"errors"
	"time"

	"sleutelbos/internal/limits"
)

// listen takes the addresses, if Web is among the parts and nothing listens yet, and finds the
// public URL.
func (a *App) listen(ctx context.Context, o Options) error {
	if a.parts&Web == 0 {
		return a.unheard(o)
	}
	if a.front = o.front; a.front == nil {
		var err error
		if a.front, err = newFront(ctx, a.serving, o.matrix(), a.Log); err != nil {
			return err
		}
	}
	a.PublicURL, a.Limits, a.proxies = a.front.publicURL, a.front.limits, a.front.proxies
	return nil
}

// unheard does without addresses: somebody else listens, or nobody.
func (a *App) unheard(o Options) (err error) {
	if a.serving.PublicURL == "" {
		return errors.New("without an address to listen on, the public URL must be given")
	}
	if a.PublicURL, err = a.serving.publicURL(nil); err != nil {
		return err
	}
	a.Limits = limits.New(o.matrix(), time.Now)
	a.proxies, err = a.serving.trusted()
	return err
}

// serve answers requests until the context ends or a listener fails. Then it takes no new
// ones, and waits for those under way.
func (a *App) serve(ctx context.Context) error {
	a.front.open(a.Handler, a.Management)
	err := a.front.until(ctx)
	a.stop.Begin()
	return errors.Join(err, a.front.stop())
}
