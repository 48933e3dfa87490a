package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// create measures creating accounts over HTTP beside the bare handler and the disk.
func (b *bench) create(ctx context.Context) error {
	for _, clients := range []int{1, 16} {
		var ours, bares float64
		var took times
		var spent time.Duration
		var calls int64
		var made uint64
		for range 2 { // turn about, so that a slow moment hits both
			rate, _, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
				return b.call(ctx, http.MethodPost, b.bare.url+"/create", b.body(), nil)
			})
			if err != nil {
				return err
			}
			bares += rate / 2
			before, called, already := processor(), b.v.Reach.Calls(), allocations()
			rate, some, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
				return b.command(ctx, "CreateAccount", b.body(), nil)
			})
			if err != nil {
				return err
			}
			calls += b.v.Reach.Calls() - called
			if err := b.caughtUp(ctx); err != nil {
				return err
			}
			ours, took, spent = ours+rate/2, append(took, some...), spent+processor()-before
			made += allocations() - already
		}
		syncs, err := fsyncs(b.v.Stores.Places.Data)
		if err != nil {
			return err
		}
		b.line(fmt.Sprintf("create account, %d clients", clients), "%.0f/s (p50 %s, p99 %s, %s of a processor, %d allocations, %.1f calls of the log); bare handler %.0f/s; %s × bare, %s × fdatasync (%.0f/s)",
			ours, took.at(50), took.at(99), took.each(spent), took.share(made), float64(calls)/float64(max(len(took), 1)), bares, ratio(ours, bares), ratio(ours, syncs), syncs)
	}
	return nil
}

// visible measures from sending a create until the list shows the account.
func (b *bench) visible(ctx context.Context) error {
	_, took, err := hammer(ctx, 1, b.Seconds, func(ctx context.Context, _, _ int) error {
		body := b.body()
		var made struct {
			Position string `json:"position"`
		}
		if err := b.command(ctx, "CreateAccount", body, &made); err != nil {
			return err
		}
		var page struct {
			Total int64 `json:"total"`
		}
		username, _ := body["username"].(string)
		query := url.Values{"q": {username}, "limit": {"1"}, "minPosition": {made.Position}}
		if err := b.call(ctx, http.MethodGet, b.url+"/api/v1/accounts?"+query.Encode(), nil, &page); err != nil {
			return err
		}
		if page.Total == 0 {
			return errors.New("the list does not show what was created")
		}
		return nil
	})
	b.line("create until seen in the list, 1 client", "p50 %s, p99 %s", took.at(50), took.at(99))
	return err
}
