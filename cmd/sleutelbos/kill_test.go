package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/esdb"
	"sleutelbos/internal/app"
)

// The sizes of the kill test.
const (
	kills       = 50
	killClients = 10
	killSeed    = 20260314
	meanAnswers = 25 // between two kills
)

// Kill -9 under load, fifty times: nothing acknowledged is lost or doubled, no stream has a
// gap, subscribers miss nothing, and the read models are what the log says.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	binary(t) // building it is no part of the test's time
	data, socket := t.TempDir(), socketPath(t)
	random := rand.New(rand.NewPCG(killSeed, 0))
	serveAgain := func() *child { return spawn(t, data, "--node=unix:"+socket) }

	c, at := serveAgain(), newTarget()
	at.set(c.base)
	organization := prepareLoad(t, c.base)
	door, err := esdb.Open("esdb+unix://"+socket, esdb.Options{})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	followers := map[string]*follower{"SSE": follow(ctx, at, bySSE), "door": follow(ctx, at, byDoor(door))}
	defer func() {
		cancel()
		for _, f := range followers {
			<-f.ended
		}
		must(t, door.Close())
	}()

	l := startLoad(t, at, organization, killClients, killSeed)
	for range kills {
		// Somewhere after some number of answers, sometimes before the first.
		l.waitFor(t, l.answered.Load()+int64(random.IntN(2*meanAnswers)))
		<-time.After(time.Duration(random.IntN(20)) * time.Millisecond)
		c.kill()
		c = serveAgain()
		at.set(c.base)
	}
	l.stop()
	settled(t, c)

	log := readLog(t, data)
	checkLog(t, log, l)
	for name, f := range followers {
		eventually(t, time.Minute, func() error {
			if last, head := f.last(), log[len(log)-1].Position; last.Before(head) {
				return fmt.Errorf("%s is at %s of %s", name, last, head)
			}
			return nil
		})
		f.mu.Lock()
		same(t, f.seen[:len(log)], positions(log))
		f.mu.Unlock()
	}
	checkAccounts(t, c.base, l)

	code, out := commandLine(t, "projections", "verify", "--data="+data)
	if code != 0 {
		t.Errorf("the read models are not what the log says:\n%s", out)
	}
	cancel()
	if took := c.terminate(t); c.err != nil || took > 15*time.Second {
		t.Errorf("it stopped after %s with %v:\n%s", took, c.err, c.log)
	}
	if code, out := commandLine(t, "audit", "verify", "--data="+data); code != 0 {
		t.Errorf("the log does not verify:\n%s", out)
	}
	lost := 0
	for _, w := range l.clients {
		lost += w.lost
	}
	t.Logf("%d commands acknowledged, %d of them asked again after a kill; %d events", len(l.acks()), lost, len(log))
	if len(l.acks()) < kills*meanAnswers/2 || lost < kills {
		t.Errorf("that is too little load to prove anything")
	}
}

// socketPath is short: the path of a socket may have some hundred bytes only.
func socketPath(t *testing.T) string {
	dir, err := os.MkdirTemp("", "sb")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return filepath.Join(dir, "node.sock")
}

// prepareLoad makes what a load works on.
func prepareLoad(t testing.TB, base string) (organization string) {
	t.Helper()
	c := &client{base: base, key: bootKey}
	do := func(name string, in body) {
		t.Helper()
		_, err := c.command(t.Context(), name, in)
		must(t, err)
	}
	do("RegisterOrganization", body{"organizationId": id(1, 1), "name": "Organization", "preset": "klic"})
	for n := range shared {
		do("CreateAccount", newAccount(id(1, 1), 2, n))
	}
	return id(1, 1)
}

// settled waits until a child's read models and reactors have taken everything.
func settled(t testing.TB, c *child) {
	t.Helper()
	eventually(t, time.Minute, func() error {
		for _, p := range projectionsAt(t, c.base) {
			if p.LagEvents > 0 {
				return fmt.Errorf("%s lags %d events, %s: %v", p.Name, p.LagEvents, p.State, p.LastError)
			}
		}
		return nil
	})
}

type projectionState struct {
	Name, State string
	Reactor     bool
	LagEvents   int64
	LastError   *string
	StoppedAt   *struct {
		Type, Stream, Problem string
		Revision              int64
	}
}

func projectionsAt(t testing.TB, base string) []projectionState {
	t.Helper()
	text, err := (&client{base: base, key: bootKey}).ask(t.Context(), "GET", "/api/v1/projections", nil)
	must(t, err)
	var list struct{ Items []projectionState }
	must(t, json.Unmarshal(text, &list))
	return list.Items
}

// readLog reads the log of a folder beside a running serve.
func readLog(t testing.TB, data string) []eventstore.Recorded {
	t.Helper()
	s := &app.Stores{Places: app.Places{Data: data}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	must(t, s.Open(t.Context(), app.Reading))
	defer func() { must(t, s.Close()) }()
	return recordsOf(t, s.Journal.Store)
}

func positions(log []eventstore.Recorded) []eventstore.Position {
	var all []eventstore.Position
	for _, rec := range log {
		all = append(all, rec.Position)
	}
	return all
}

// checkLog compares the log with what was acknowledged.
func checkLog(t testing.TB, log []eventstore.Recorded, l *load) {
	t.Helper()
	next, byID, types := map[string]int64{}, map[string]eventstore.Recorded{}, map[string]int{}
	tails, done := map[string]eventstore.Tail{}, map[string][]commandEvent{} // by command id and stream
	last := eventstore.Position{}
	for _, rec := range log {
		if rec.Revision != next[rec.Stream] || !rec.Position.After(last) {
			t.Errorf("%s revision %d at position %s: expected revision %d behind position %s", rec.Stream, rec.Revision, rec.Position, next[rec.Stream], last)
		}
		if _, doubled := byID[rec.ID.String()]; doubled {
			t.Errorf("the event %s stands there twice", rec.ID)
		}
		tail, err := tails[rec.Stream].Follow(rec)
		if err != nil {
			t.Error(err)
		}
		next[rec.Stream], last, byID[rec.ID.String()], tails[rec.Stream] = rec.Revision+1, rec.Position, rec, tail
		types[rec.Type]++
		var envelope struct{ CommandID string }
		must(t, json.Unmarshal(rec.Metadata, &envelope))
		key := envelope.CommandID + " " + rec.Stream
		done[key] = append(done[key], commandEvent{rec.ID.String(), rec.Type, rec.Stream, rec.Revision})
	}
	acknowledged := map[string]bool{}
	for _, ack := range l.acks() {
		if acknowledged[ack.CommandID] {
			t.Errorf("the command %s was acknowledged twice", ack.CommandID)
		}
		acknowledged[ack.CommandID] = true
		streams := map[string][]commandEvent{}
		for _, e := range ack.Events {
			streams[e.Stream] = append(streams[e.Stream], e)
			if e.Revision == streams[e.Stream][0].Revision+int64(len(streams[e.Stream]))-1 && byID[e.ID].Position.After(ack.Position) {
				t.Errorf("the command %s answered position %s, its event %s is at %s", ack.CommandID, ack.Position, e.ID, byID[e.ID].Position)
			}
		}
		for stream, events := range streams {
			if got := done[ack.CommandID+" "+stream]; fmt.Sprint(got) != fmt.Sprint(events) {
				t.Errorf("the command %s acknowledged %v, the log has %v", ack.CommandID, events, got)
			}
		}
	}
	created, invited := 1+shared, 0 // one is the start's
	for _, w := range l.clients {
		created, invited = created+w.created, invited+w.invited
	}
	want := map[string]int{"account.created.v1": created, "account.activation_sent.v1": invited, "message.queued.v1": invited, "message.sent.v1": invited}
	for typ, n := range want {
		if types[typ] != n {
			t.Errorf("the log has %d of %s, want %d", types[typ], typ, n)
		}
	}
}

// checkAccounts compares the list with what each client knows of the accounts that it
// alone wrote to.
func checkAccounts(t testing.TB, base string, l *load) {
	t.Helper()
	got, cursor := map[string]bool{}, ""
	for {
		text, err := (&client{base: base, key: bootKey}).ask(t.Context(), "GET", "/api/v1/accounts?limit=500"+cursor, nil)
		must(t, err)
		var page struct {
			Items []struct {
				ID      string
				Blocked bool
			}
			Next *string
		}
		must(t, json.Unmarshal(text, &page))
		for _, a := range page.Items {
			if _, twice := got[a.ID]; twice {
				t.Errorf("%s is in the list twice", a.ID)
			}
			got[a.ID] = a.Blocked
		}
		if page.Next == nil {
			break
		}
		cursor = "&cursor=" + *page.Next
	}
	for _, w := range l.clients {
		for account, blocked := range w.blocked {
			if is, there := got[account]; !there || is != blocked {
				t.Errorf("%s: listed %t, blocked %t; acknowledged was blocked %t", account, there, is, blocked)
			}
		}
	}
}

// A repeated idempotency key gets its first answer after a kill, too; and where the process
// died between the append and the answer, the log tells what was done.
func TestIdempotencyKeySurvivesAKill(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	c := spawn(t, data)
	organization := prepareLoad(t, c.base)
	commands := map[string]body{
		"CreateAccount":        {"organizationId": organization, "username": "admin@example.nl", "name": "Admin", "role": "admin", "channel": "mail_link"},
		"BlockAccount":         {"accountId": id(2, 0), "reason": "once"},
		"RegisterOrganization": {"name": "Other", "preset": "nen", "domains": []string{"other.example"}},
	}
	ask := func(name string) outcome {
		t.Helper()
		o, err := (&client{base: c.base, key: bootKey}).command(t.Context(), name, commands[name], "Idempotency-Key", keys[name])
		must(t, err)
		return o
	}
	first := map[string]outcome{}
	for name := range commands {
		first[name] = ask(name)
	}
	settled(t, c)
	before := len(readLog(t, data))
	nothingNew := func() {
		t.Helper()
		added := []string{}
		for _, rec := range readLog(t, data)[before:] {
			if !strings.HasPrefix(rec.Stream, audit.StreamPrefix) { // sealing goes on
				added = append(added, rec.Stream+" "+rec.Type)
			}
		}
		same(t, added, []string{})
	}

	c.kill()
	c = spawn(t, data)
	for name := range commands {
		same(t, ask(name), first[name])
	}
	nothingNew()

	c.kill()
	statements(t, filepath.Join(data, "vault.db"), "DELETE FROM answers")
	c = spawn(t, data)
	for name := range commands {
		again := ask(name)
		// What it says of other streams than its own is not known any more.
		same(t, []any{again.CommandID, again.Result, again.Streams[0]}, []any{first[name].CommandID, first[name].Result, first[name].Streams[0]})
	}
	nothingNew()
}

// keys are the idempotency keys of a few commands.
var keys = map[string]string{
	"CreateAccount":        "11111111-1111-4111-8111-111111111111",
	"BlockAccount":         "22222222-2222-4222-8222-222222222222",
	"RegisterOrganization": "33333333-3333-4333-8333-333333333333",
}
