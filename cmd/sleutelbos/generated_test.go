package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/app"
	"sleutelbos/internal/limits"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
)

// Commands of one run of rapid, which makes 100 runs unless it is told otherwise.
const commandsEach = 100

// 10,000 commands, drawn at random, over one log and both engines. For each prefix of the
// log the account as it was at that moment equals the fold of the prefix, and the live
// rows equal those folded from the log alone.
func TestGeneratedCommands(t *testing.T) {
	t.Parallel()
	g := newGenerated(t)
	rapid.Check(t, func(rt *rapid.T) {
		// Mostly the read models get a household's events at once, now and then one by one
		// as they come, which takes longer.
		stop := func() {}
		defer func() { stop() }()
		live := g.n%10 == 0
		if live {
			stop = g.keepUp(t)
		}
		h := g.newHousehold(rt)
		for until := g.done + g.refused + commandsEach; g.done+g.refused < until; {
			h.step(rt)
		}
		if !live {
			stop = g.keepUp(t)
		}
		g.wait(rt)
		stop()
		h.check(rt)
	})
	for _, e := range g.engines {
		for _, name := range e.runner.Names() {
			report, err := e.runner.Verify(t.Context(), name, nil)
			must(t, err)
			if len(report.Differences) > 0 {
				t.Errorf("%s on %s differs from a fresh rebuild: %+v", name, e.name, report.Differences)
			}
		}
	}
	t.Logf("%d commands done, %d refused; %d moments looked at", g.done, g.refused, g.moments)
	if g.done < g.refused || g.moments < g.done/2 {
		t.Error("most of it was refused, or not looked at: that proves little")
	}
}

// generated is the program over one log, with the read models on every engine and a clock
// that only the test moves. No reactor runs: every event is a command's.
type generated struct {
	v       *app.App
	clock   atomic.Int64
	who     rights.Principal
	engines []served
	n       int // households

	done, refused, moments int
}

type served struct {
	name    string
	rows    machinery.Reader
	runner  *machinery.Runner
	handler http.Handler
}

func newGenerated(t *testing.T) *generated {
	g := &generated{}
	g.clock.Store(time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC).UnixNano())
	now := func() time.Time { return time.Unix(0, g.clock.Load()).UTC() }
	s := &app.Stores{
		Places: app.Places{Data: t.TempDir()}, Log: slog.New(slog.DiscardHandler), Now: now,
		AdjustVault: func(o *vault.Options) { o.Argon2 = vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1} },
	}
	ctx := t.Context()
	must(t, s.Open(ctx, app.Writing))
	g.v = g.serve(t, "sqlite", s)
	var err error
	g.who, err = g.v.Commands.Access.Authenticate(ctx, bootKey)
	must(t, err)
	if server, ok := ownPostgres(t); ok {
		rows, err := postgres.Open(ctx, server.URL("postgres"))
		must(t, err)
		g.serve(t, "postgres", s.Beside(rows))
	}
	return g
}

// serve adds an engine: the read models of the log on the rows of the stores.
func (g *generated) serve(t *testing.T, name string, s *app.Stores) *app.App {
	t.Helper()
	a, err := app.New(t.Context(), app.Options{
		Stores: s, Parts: app.Views, Version: version,
		Serving: app.Serving{Node: "off", Language: "nl", MailFrom: "x@localhost", PublicURL: "http://127.0.0.1:1", BootstrapAPIKey: bootKey},
		Adjust:  app.Adjust{Runner: func(o *machinery.Options) { o.Reactors = nil }, Limits: limits.Matrix.WithoutRates},
	})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	g.engines = append(g.engines, served{name, s.Rows, a.Runner, a.Handler})
	return a
}

// keepUp keeps the read models up to date until it is told to stop.
func (g *generated) keepUp(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, e := range g.engines {
		running.Go(func() {
			if err := e.runner.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	return func() { cancel(); running.Wait() }
}

// wait waits until every read model has taken everything.
func (g *generated) wait(rt *rapid.T) {
	head, err := g.v.Journal.Store.Head(context.Background())
	if err != nil {
		rt.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, e := range g.engines {
		if err := e.runner.WaitFor(ctx, head); err != nil {
			all, _ := e.runner.Status(context.Background()) // what can be told of it
			rt.Fatalf("the read models on %s do not come to %s: %v: %+v", e.name, head, err, all)
		}
	}
}

// ask asks an engine's API, the caller's key and all, and returns the JSON.
func (e served) ask(t rapid.TB, path string) []map[string]any {
	req, err := http.NewRequest(http.MethodGet, "http://127.0.0.1:1/api/v1"+path, nil) // it goes to a handler
	if err != nil {
		t.Fatal(err)
	}
	req.RemoteAddr = "127.0.0.1:2"
	req.Header.Set("Authorization", "Bearer "+bootKey)
	answer := newRecorder()
	e.handler.ServeHTTP(answer, req)
	if answer.status != http.StatusOK {
		t.Fatalf("%s on %s: %d %s", path, e.name, answer.status, answer.body.String())
	}
	var values []map[string]any
	for d := json.NewDecoder(&answer.body); ; {
		var value map[string]any
		if err := d.Decode(&value); errors.Is(err, io.EOF) {
			return values
		} else if err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
	}
}

// check compares, for each event of the household, the past of its account with the fold
// of the log up to there, and at the end the live rows with the folded ones.
func (h *household) check(rt *rapid.T) {
	ctx := context.Background()
	detail, list := accountdetail.New(), accountlist.New()
	steps, last := map[string][]map[string]any{}, map[string]time.Time{}
	for rec, err := range h.v.Journal.Store.ReadAll(ctx, h.before, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			rt.Fatal(err)
		}
		event, record, err := h.v.Journal.Registry.Decode(ctx, h.v.Vault, rec)
		if err != nil {
			rt.Fatal(err)
		}
		entry := eventstore.Entry{Event: event, Record: record}
		detail.FoldAll(h.details, entry)
		list.FoldAll(h.list, entry)
		who := record.AccountID()
		if !slices.Contains(h.accounts, who) {
			continue
		}
		if e, ok := event.(account.Event); ok {
			h.states[who] = account.Decider.Evolve(h.states[who], e)
		}
		at := record.Envelope.OccurredAt
		if at.Before(last[who]) {
			rt.Fatalf("the clock of the test went back at position %s", rec.Position)
		}
		last[who] = at
		want := h.expected(who, at)
		steps[who] = append(steps[who], want)
		e := h.engines[int(rec.Position.Commit())%len(h.engines)]
		if rec.Stream == "account-"+who {
			h.look(rt, e, fmt.Sprintf("/accounts/%s/as-of?revision=%d", who, rec.Revision), want)
		} else {
			h.later(rt, e, who, at, rec.Position, want)
		}
	}
	for who, want := range steps {
		for _, e := range h.engines {
			got := e.ask(rt, "/accounts/"+who+"/replay")
			if len(got) != len(want) {
				rt.Fatalf("the replay of %s on %s has %d steps, the log %d", who, e.name, len(got), len(want))
			}
			for i := range want {
				compare(rt, fmt.Sprintf("step %d of %s on %s", i, who, e.name), got[i]["after"].(map[string]any), want[i])
			}
		}
	}
	h.checkRows(rt)
}

// later asks for the account as of a moment, if no later event of the same moment changed
// it again.
func (h *household) later(rt *rapid.T, e served, who string, at time.Time, position eventstore.Position, want map[string]any) {
	again, err := machinery.Get[int64](context.Background(), e.rows,
		"SELECT count(*) FROM audit_history_v1 WHERE account_id = $1 AND occurred_at = $2 AND position > $3", who, at, int64(position.Commit()))
	if err != nil {
		rt.Fatal(err)
	}
	if again == 0 {
		h.look(rt, e, "/accounts/"+who+"/as-of?at="+at.Format(time.RFC3339Nano), want)
	}
}

func (h *household) look(rt *rapid.T, e served, path string, want map[string]any) {
	h.moments++
	compare(rt, path+" on "+e.name, e.ask(rt, path)[0], want)
}

// expected is the account in the words of the API: what the rules think of it where they
// do, else what the read model folds.
func (h *household) expected(who string, at time.Time) map[string]any {
	d, s := h.details[who], h.states[who]
	if !s.Exists {
		return map[string]any{}
	}
	return map[string]any{
		"id": who, "organizationId": h.organization, "username": s.Username, "name": s.Name, "role": d.Role,
		"blocked": s.Blocked, "enabled": !s.Disabled, "closed": s.Closed, "email": textOrNil(s.Email), "phone": textOrNil(s.Phone),
		"country": textOrNil(s.Country), "description": textOrNil(s.Description), "validUntil": textOrNil(s.ValidUntil),
		"expired": !s.EndsAt.IsZero() && !at.Before(s.EndsAt), "passwordChangeRequired": s.PasswordChangeRequired, "canLogIn": s.CanLogIn(at),
		"activation": d.ActivationAt(at), "activationSentCount": float64(d.ActivationSentCount), "blockedReason": textOrNil(d.BlockedReason),
		"badge": d.Badge(at), "licenses": anyList(d.Licenses), "revision": float64(d.Revision), "changedAt": d.ChangedAt.Format(time.RFC3339Nano),
		"closedReason": textOrNil(d.ClosedReason), "disabledReason": textOrNil(d.DisabledReason), "unblockedReason": textOrNil(d.UnblockedReason),
	}
}

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func anyList(list []string) []any {
	all := []any{}
	for _, each := range list {
		all = append(all, each)
	}
	return all
}

// compare asks that every member wanted is there as wanted.
func compare(rt *rapid.T, where string, got, want map[string]any) {
	for member, value := range want {
		if fmt.Sprint(got[member]) != fmt.Sprint(value) {
			rt.Errorf("%s: %s is %v, the fold says %v", where, member, got[member], value)
		}
	}
}

// checkRows compares the live rows of the household's accounts with those folded from the
// log, column by column.
func (h *household) checkRows(rt *rapid.T) {
	for _, e := range h.engines {
		for _, who := range h.accounts {
			got := []any{
				oneRow[accountdetail.Row](rt, e, "SELECT "+accountdetail.New().Columns()+" FROM "+accountdetail.Table, who),
				oneRow[accountlist.Row](rt, e, "SELECT "+accountlist.New().Columns()+" FROM "+accountlist.Table, who),
			}
			want := []any{h.details[who], h.list[who]}
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				rt.Errorf("%s on %s is\n%+v, folded it is\n%+v", who, e.name, got, want)
			}
		}
	}
}

func oneRow[Row any](rt *rapid.T, e served, query, id string) Row {
	row, err := machinery.One[Row](context.Background(), e.rows, query+" WHERE id = $1", id)
	if err != nil {
		rt.Fatalf("%s on %s: %v", id, e.name, err)
	}
	return row
}
