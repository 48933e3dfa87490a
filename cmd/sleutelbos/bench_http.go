package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sleutelbos/commands"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
)

var benchClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}

// call sends a request and decodes the answer; anything but 200 is an error.
func (b *bench) call(ctx context.Context, method, target string, body, answer any) error {
	var raw []byte
	var err error
	if body != nil {
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+benchKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := benchClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answered %d: %s", method, req.URL.Path, res.StatusCode, content)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(content, answer)
}

func (b *bench) command(ctx context.Context, name string, body, answer any) error {
	return b.call(ctx, http.MethodPost, b.url+"/api/v1/commands/"+name, body, answer)
}

func (b *bench) register(ctx context.Context) (string, error) {
	var made struct {
		Result struct {
			OrganizationID string `json:"organizationId"`
		} `json:"result"`
	}
	err := b.command(ctx, "RegisterOrganization", map[string]any{"name": "Bench", "preset": "klic"}, &made)
	return made.Result.OrganizationID, err
}

var benchSerial atomic.Int64

func (b *bench) body() map[string]any {
	n := benchSerial.Add(1)
	return map[string]any{
		"organizationId": b.organization, "username": fmt.Sprintf("bench.%d@example.nl", n), "name": fmt.Sprintf("Bench Persoon %d", n),
		"role": "user", "channel": "mail_link",
	}
}

// create measures creating accounts over HTTP beside the bare handler and the disk.
func (b *bench) create(ctx context.Context) error {
	for _, clients := range []int{1, 16} {
		var ours, bares float64
		var took times
		for range 2 { // turn about, so that a slow moment hits both
			rate, _, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
				return b.call(ctx, http.MethodPost, b.bare.url+"/create", b.body(), nil)
			})
			if err != nil {
				return err
			}
			bares += rate / 2
			rate, some, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
				return b.command(ctx, "CreateAccount", b.body(), nil)
			})
			if err != nil {
				return err
			}
			ours, took = ours+rate/2, append(took, some...)
		}
		syncs, err := fsyncs(b.v.Stores.Places.Data)
		if err != nil {
			return err
		}
		b.line(fmt.Sprintf("create account, %d clients", clients), "%.0f/s (p50 %s, p99 %s); bare handler %.0f/s; %s × bare, %s × fdatasync (%.0f/s)",
			ours, took.at(50), took.at(99), bares, ratio(ours, bares), ratio(ours, syncs), syncs)
	}
	return b.caughtUp(ctx)
}

// caughtUp waits until every read model and every reactor has come to the end of the log,
// so that what is measured next has the machine for itself.
func (b *bench) caughtUp(ctx context.Context) error {
	for {
		all, err := b.v.Runner.Status(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(s machinery.Status) bool { return s.LagEvents > 0 }) {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
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
		rate, took, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
			return b.call(ctx, http.MethodGet, b.url+"/api/v1/accounts?limit=100&"+ask.query, nil, nil)
		})
		if err != nil {
			return err
		}
		b.line("page of 100, "+ask.name, "%.0f/s (p50 %s, p99 %s); bare SELECT %.0f/s; %s × bare", rate, took.at(50), took.at(99), bareRate, ratio(rate, bareRate))
	}
	return nil
}

// select100 answers the bare SELECT. Searching is part of it, wherever the engine does that.
func (b *bench) select100(ctx context.Context, columns, where, order string, search bool) (string, []any, error) {
	var args []any
	if search {
		condition, err := b.v.Rows.Contains(ctx, accountlist.Table, "search", "bakker 12", "NOT blocked", func(value any) string {
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
		Result commands.AccountMade `json:"result"`
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
