package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"sleutelbos/commands"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections"
	"sleutelbos/projections/accountlist"
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
		syncs, err := fsyncs(b.v.stores.settings.Data)
		if err != nil {
			return err
		}
		b.line(fmt.Sprintf("create account, %d clients", clients), "%.0f/s (p50 %s, p99 %s); bare handler %.0f/s; %s × bare, %s × fdatasync (%.0f/s)",
			ours, took.at(50), took.at(99), bares, ratio(ours, bares), ratio(ours, syncs), syncs)
	}
	return b.caughtUp(ctx)
}

func (b *bench) caughtUp(ctx context.Context) error {
	head, err := b.v.journal.Store.Head(ctx)
	if err != nil {
		return err
	}
	return b.v.runner.WaitFor(ctx, head, b.v.runner.Names()...)
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

// fill brings the store to the number of accounts, past HTTP and the rules, which are
// measured elsewhere.
func (b *bench) fill(ctx context.Context) error {
	if b.filled {
		return nil
	}
	b.filled = true
	begin := time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make(chan error, 64)
	for range 64 {
		all.Go(func() {
			for n := next.Add(1); n <= int64(b.Accounts); n = next.Add(1) {
				if err := b.put(ctx, int(n)); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(errs)
	if err := <-errs; err != nil {
		return err
	}
	filled := time.Since(begin)
	if err := b.caughtUp(ctx); err != nil {
		return err
	}
	b.line(fmt.Sprintf("%d accounts put into the log", b.Accounts), "%.0f/s; every read model there %s later",
		float64(b.Accounts)/filled.Seconds(), (time.Since(begin) - filled).Round(time.Millisecond))
	return nil
}

func (b *bench) put(ctx context.Context, n int) error {
	id := uuid.NewString()
	at := time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)
	envelope := eventstore.Envelope{
		Actor: eventstore.Actor{Kind: eventstore.ActorSystem, ID: "bench"}, Origin: eventstore.Origin{Channel: "system"},
		Organization: b.organization, CommandID: id, OccurredAt: at,
	}
	created := account.Created{
		OrganizationID: b.organization, Username: fmt.Sprintf("persoon%06d@voorbeeld%02d.nl", n, n%97), UsernameReservation: "username-" + id,
		Name: demoFirst[n%len(demoFirst)] + " " + demoLast[n/7%len(demoLast)] + " " + strconv.Itoa(n), Role: account.RoleUser, Channel: account.ChannelMailLink,
	}
	drafts := []eventstore.Draft{{ID: uuid.New(), Event: created}}
	if n%3 == 0 {
		drafts = append(drafts, eventstore.Draft{ID: uuid.New(), Event: account.ActivationSent{
			Channel: account.ChannelMailLink, CredentialID: id, Attempt: 1, ExpiresAt: at.AddDate(1, 0, 0),
		}})
	}
	if n%10 == 0 {
		drafts = append(drafts, eventstore.Draft{ID: uuid.New(), Event: account.Blocked{Reason: "bench"}})
	}
	_, err := b.v.journal.Append(ctx, eventstore.AccountSubject(id), eventstore.Tail{}, envelope, drafts...)
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
	for _, ask := range asks {
		const clients = 2
		sqlText, args, err := b.select100(ctx, ask.where, ask.order, ask.name == asks[2].name)
		if err != nil {
			return err
		}
		bareRate, _, err := hammer(ctx, clients, b.Seconds/2, func(ctx context.Context, _, _ int) error {
			rows, err := projections.Select[accountlist.Row](ctx, b.v.rows, sqlText, args...)
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

func (b *bench) select100(ctx context.Context, where, order string, search bool) (string, []any, error) {
	var args []any
	if search {
		const text = "bakker 12"
		condition, err := b.v.rows.Contains(ctx, accountlist.Table, "search", "$1", text)
		if err != nil {
			return "", nil, err
		}
		where, args = "WHERE NOT blocked AND "+condition, []any{text}
	}
	return "SELECT " + accountlist.New().Columns() + " FROM " + accountlist.Table + " " + where + " ORDER BY " + order + " LIMIT 100", args, nil
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

// replay measures reading the whole log, every event decoded and opened.
func (b *bench) replay(ctx context.Context) error {
	if err := b.fill(ctx); err != nil {
		return err
	}
	if _, err := b.v.vault.Preload(ctx); err != nil {
		return err
	}
	begin := time.Now()
	events, err := replayAll(ctx, b.v.journal)
	b.line("replay of the whole log, decoded", "%.0f events/s (%d events)", float64(events)/time.Since(begin).Seconds(), events)
	return err
}

// replayAll decodes the log on every core.
func replayAll(ctx context.Context, j eventstore.Journal) (int64, error) {
	chunks := make(chan []eventstore.Recorded, 8)
	var done atomic.Int64
	var all sync.WaitGroup
	errs := make(chan error, runtime.GOMAXPROCS(0))
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for chunk := range chunks {
				for _, rec := range chunk {
					if _, _, err := j.Registry.Decode(ctx, j.Keys, rec); err != nil {
						errs <- err
						for range chunks { //nolint:revive // lets the reader end
						}
						return
					}
				}
				done.Add(int64(len(chunk)))
			}
		})
	}
	var readErr error
	var chunk []eventstore.Recorded
	for rec, err := range j.Store.ReadAll(ctx, 0, eventstore.Forwards, eventstore.Filter{}) {
		if readErr = err; err != nil {
			break
		}
		if chunk = append(chunk, rec); len(chunk) == 500 {
			chunks <- chunk
			chunk = nil
		}
	}
	chunks <- chunk
	close(chunks)
	all.Wait()
	close(errs)
	return done.Load(), errors.Join(readErr, <-errs)
}

// rebuild measures rebuilding every read model, beside a loop of 500 upserts a transaction.
func (b *bench) rebuild(ctx context.Context) error {
	if err := b.fill(ctx); err != nil {
		return err
	}
	loop, err := b.upsertLoop(ctx)
	if err != nil {
		return err
	}
	b.line("bare loop, 500 upserts a transaction", "%.0f events/s", loop)
	for _, name := range b.v.runner.Names() {
		events := int64(0)
		peak := watchMemory()
		begin := time.Now()
		if err := b.v.runner.Rebuild(ctx, name, func(p projections.Progress) { events = p.EventsDone }); err != nil {
			return errors.Join(err, fmt.Errorf("rebuild %s", name), ctx.Err())
		}
		rate := float64(events) / time.Since(begin).Seconds()
		b.line("rebuild "+name, "%.0f events/s; %s × bare loop; heap at most %d MiB", rate, ratio(rate, loop), peak()>>20)
	}
	return nil
}

// upsertLoop reads and decodes the log and upserts a row an event.
func (b *bench) upsertLoop(ctx context.Context) (float64, error) {
	begin, events := time.Now(), 0
	var tx *sql.Tx
	var statement *sql.Stmt
	for rec, err := range b.v.journal.Store.ReadAll(ctx, 0, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return 0, err
		}
		event, record, err := b.v.journal.Registry.Decode(ctx, b.v.vault, rec)
		if err != nil {
			return 0, err
		}
		if tx == nil {
			if tx, err = b.bare.db.BeginTx(ctx, nil); err != nil {
				return 0, err
			}
			if statement, err = tx.PrepareContext(ctx, bareUpsert); err != nil {
				return 0, errors.Join(err, tx.Rollback())
			}
		}
		created, _ := event.(account.Created)
		if _, err := statement.ExecContext(ctx, record.Stream, created.Username, created.Name, string(created.Role),
			record.Envelope.OccurredAt.Format(time.RFC3339Nano), record.Revision); err != nil {
			return 0, errors.Join(err, tx.Rollback())
		}
		if events++; events%500 == 0 {
			if err := tx.Commit(); err != nil {
				return 0, err
			}
			tx = nil
		}
	}
	if tx != nil {
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(events) / time.Since(begin).Seconds(), nil
}

// watchMemory looks at the heap until it is asked for the most it saw, in bytes.
func watchMemory() func() uint64 {
	stop := make(chan struct{})
	most := make(chan uint64)
	go func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		peak := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-ticker.C:
			case <-stop:
				most <- peak
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-most }
}
