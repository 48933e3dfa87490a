package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"sleutelbos/commands/accounts"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
)

// list measures pages of 100 with search, filter and sort, beside a bare SELECT.
func (b *bench) list(ctx context.Context) error {
	if err := b.fill(ctx); err != nil {
		return err
	}
	asks := []struct{ name, query, where, order string }{
		{"sorted by name", "sort=name", "", "sort_name, id"},
		{"filtered, newest first", "sort=-createdAt&blocked=true", "WHERE blocked", "created_at DESC, id DESC"},
		{"searched, filtered, sorted", "q=bakker+12&sort=name&blocked=false", "", "sort_name, id"},
	}
	columns := accountlist.New().Columns()
	for _, ask := range asks {
		const clients = 2
		bareRate, _, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
			sqlText, args, err := b.select100(ctx, columns, ask.where, ask.order, ask.name == asks[2].name)
			if err != nil {
				return err
			}
			rows, err := machinery.Select[accountlist.Row](ctx, b.v.Rows, sqlText, args...)
			if err == nil && len(rows) == 0 {
				err = errors.New("the bare SELECT found nothing")
			}
			return err
		})
		if err != nil {
			return err
		}
		before, made := processor(), allocations()
		rate, took, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
			return b.call(ctx, http.MethodGet, b.url+"/api/v1/accounts?limit=100&"+ask.query, nil, nil)
		})
		if err != nil {
			return err
		}
		b.line("page of 100, "+ask.name, "%.0f/s (p50 %s, p99 %s, %s of a processor, %d allocations); bare SELECT %.0f/s; %s × bare", rate, took.at(50), took.at(99), took.each(processor()-before), took.share(allocations()-made), bareRate, ratio(rate, bareRate))
	}
	return nil
}

// select100 returns the bare SELECT. Searching is part of it, wherever the engine does that.
func (b *bench) select100(ctx context.Context, columns, where, order string, search bool) (string, []any, error) {
	var args []any
	if search {
		condition, err := b.v.Rows.Contains(ctx, accountlist.Table, "search", []string{"bakker", "12"}, "NOT blocked", func(value any) string {
			args = append(args, value)
			return "$" + strconv.Itoa(len(args))
		})
		if err != nil {
			return "", nil, err
		}
		where = "WHERE " + condition
	}
	return "SELECT " + columns + " FROM " + accountlist.Table + " " + where + " ORDER BY " + order + " LIMIT 100", args, nil
}

// history measures reading 1,000 events of one account, in two pages.
func (b *bench) history(ctx context.Context) error {
	var made struct {
		Result accounts.AccountMade `json:"result"`
	}
	if err := b.command(ctx, "CreateAccount", b.body(), &made); err != nil {
		return err
	}
	id := made.Result.AccountID
	for n := range 999 {
		if err := b.command(ctx, "ChangeDetails", map[string]any{"accountId": id, "name": fmt.Sprintf("Naam %d", n)}, nil); err != nil {
			return err
		}
	}
	if err := b.caughtUp(ctx); err != nil {
		return err
	}
	_, took, err := hammer(ctx, 1, b.Seconds, func(ctx context.Context, _, _ int) error {
		lines, cursor := 0, ""
		for {
			var page struct {
				Items []jsontext.Value `json:"items"`
				Next  string           `json:"next"`
			}
			target := b.url + "/api/v1/accounts/" + id + "/history?limit=500"
			if cursor != "" {
				target += "&cursor=" + url.QueryEscape(cursor)
			}
			if err := b.call(ctx, http.MethodGet, target, nil, &page); err != nil {
				return err
			}
			lines += len(page.Items)
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if lines != 1000 {
			return fmt.Errorf("the history has %d lines", lines)
		}
		return nil
	})
	b.line("history of 1,000 events, in two pages", "p50 %s, p99 %s", took.at(50), took.at(99))
	return err
}
