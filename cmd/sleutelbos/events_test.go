package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
)

// strange appends an event that this program did not write, and returns it as it stands.
func strange(t *testing.T, store eventstore.Store, stream, typ string) eventstore.Recorded {
	t.Helper()
	receipt, err := store.Append(t.Context(), stream, eventstore.Any, eventstore.Event{ID: uuid.New(), Type: typ, Data: []byte(`{"to":"x"}`), Metadata: []byte("{}")})
	must(t, err)
	rec, found, err := store.At(t.Context(), receipt.Position)
	must(t, err)
	same(t, found, true)
	return rec
}

// forged appends an event of a name that the program knows, as it would be read, without a hash.
func forged(t *testing.T, store eventstore.Store, stream string) eventstore.Recorded {
	t.Helper()
	receipt, err := store.Append(t.Context(), stream, eventstore.Any, eventstore.Event{
		ID: uuid.New(), Type: "account.unblocked.v1", Data: []byte("{}"),
		Metadata: []byte(`{"actor":{"kind":"system"},"origin":{"channel":"cli"},"outcome":"done","schemaVersion":1,"occurredAt":"2026-03-14T12:00:00Z","prevHash":""}`),
	})
	must(t, err)
	rec, found, err := store.At(t.Context(), receipt.Position)
	must(t, err)
	same(t, found, true)
	return rec
}

// changed appends an event of a name that the program knows, with a hash that is not that of its bytes.
func changed(t *testing.T, store eventstore.Store, stream string) eventstore.Recorded {
	t.Helper()
	receipt, err := store.Append(t.Context(), stream, eventstore.Any, eventstore.Event{
		ID: uuid.New(), Type: "account.unblocked.v1", Data: []byte("{}"),
		Metadata: []byte(`{"actor":{"kind":"system"},"origin":{"channel":"cli"},"outcome":"done","schemaVersion":1,"occurredAt":"2026-03-14T12:00:00Z","prevHash":"","hash":"` + strings.Repeat("0", 64) + `"}`),
	})
	must(t, err)
	rec, found, err := store.At(t.Context(), receipt.Position)
	must(t, err)
	same(t, found, true)
	return rec
}

// stopsEveryReader waits until every read model that takes the event stands at it, and asks that commands
// refuse as well.
func (r *running) stopsEveryReader(at eventstore.Recorded, why string) {
	r.t.Helper()
	eventually(r.t, 20*time.Second, func() error {
		all, err := r.Runner.Status(r.t.Context())
		stopped := 0
		for _, s := range all {
			if f := s.Fault; f != nil && f.Position == at.Position && f.Unread == at.ID && strings.Contains(f.Problem, why) {
				stopped++
			}
		}
		if stopped < 3 { // the history, the list and the detail of accounts
			return fmt.Errorf("%d stand at %s: %w", stopped, at.Position, err)
		}
		return nil
	})
	account := strings.TrimPrefix(at.Stream, "account-")
	r.refused("500", "UnblockAccount", body{"accountId": account, "reason": "settled"})
}

func passOf(rec eventstore.Recorded) body {
	return body{"position": rec.Position.String(), "eventId": rec.ID.String(), "reason": "written by mistake"}
}

// refused asks for a command that must be refused with a code.
func (r *running) refused(code, name string, in body) {
	r.t.Helper()
	if _, err := r.api.command(r.t.Context(), name, in); err == nil || !strings.Contains(err.Error(), code) {
		r.t.Errorf("%s %v: %v, want %s", name, in, err, code)
	}
}

// TestF4_TheOperatorHasAWayOn: an event that nobody can read stops who reads it, and names itself. Once
// an operator lets it pass, everything goes on, before and after a restart and a rebuild; the history
// tells of the pass, and the log verifies.
func TestF4_TheOperatorHasAWayOn(t *testing.T) {
	for store, open := range eventstores {
		for engine, database := range engines {
			t.Run(store+" "+engine, func(t *testing.T) {
				t.Parallel()
				theOperatorHasAWayOn(t, app.Places{Data: t.TempDir(), EventStore: open(t), Database: database(t)})
			})
		}
	}
}

func theOperatorHasAWayOn(t *testing.T, where app.Places) {
	r := start(t, where)
	organization := r.organization(1)
	account := id(3, 1)
	r.run("CreateAccount", newAccount(organization, 3, 1))
	r.settle()
	foreign := strange(t, r.Journal.Store, "billing-1", "invoice.sent")
	bad := strange(t, r.Journal.Store, "account-"+account, "account.merged.v1")
	eventually(t, time.Minute, func() error {
		all, err := r.Runner.Status(t.Context())
		for _, s := range all {
			if f := s.Fault; s.Name == "audit_history_v1" && f != nil && f.Position == bad.Position && f.Type == bad.Type && f.Stream == bad.Stream &&
				strings.Contains(f.Problem, "sleutelbos events pass --position "+bad.Position.String()+" --id "+bad.ID.String()) {
				return err
			}
		}
		return fmt.Errorf("the history did not stop: %w", err)
	})
	r.refused("500", "BlockAccount", body{"accountId": account, "reason": "fraud"})
	if _, metrics := r.manage("/metrics"); !strings.Contains(metrics, `sleutelbos_projection_foreign_total{projection="letters_v1"} 1`) {
		t.Error("the foreign event was not counted")
	}

	wrong := passOf(bad)
	wrong["eventId"] = foreign.ID.String()
	r.refused("event-not-found", "PassOverEvent", wrong)
	r.refused("event-foreign", "PassOverEvent", passOf(foreign))
	first, found, err := r.Journal.Store.At(t.Context(), r.records()[0].Position)
	must(t, err)
	same(t, found, true)
	r.refused("event-readable", "PassOverEvent", passOf(first))
	r.run("PassOverEvent", passOf(bad))
	same(t, len(r.run("PassOverEvent", passOf(bad)).Events), 0)

	r.run("BlockAccount", body{"accountId": account, "reason": "fraud"})
	r.settle()
	history := r.fresh("/accounts/" + account + "/history?limit=50")
	for _, want := range []string{"pass.recorded.v1", "account.merged.v1", "written by mistake", "account.blocked.v1"} {
		if !strings.Contains(history, want) {
			t.Errorf("the history does not tell %s: %s", want, history)
		}
	}
	if _, err := r.api.ask(t.Context(), http.MethodGet, "/api/v1/accounts/"+account+"/replay", nil); err != nil {
		t.Error(err)
	}
	another := forged(t, r.Journal.Store, "account-"+account)
	r.stopsEveryReader(another, "no hash")
	r.run("PassOverEvent", passOf(another))
	r.run("UnblockAccount", body{"accountId": account, "reason": "settled"})
	r.settle()
	another = changed(t, r.Journal.Store, "account-"+account)
	r.stopsEveryReader(another, "was changed")
	r.stop()
	passesByCommand(t, where, another)

	r = start(t, where)
	r.run("BlockAccount", body{"accountId": account, "reason": "fraud"})
	r.settle()
	for _, name := range r.Runner.Names() {
		must(t, r.Runner.Rebuild(t.Context(), name, func(machinery.Progress) {}))
	}
	r.settle()
	r.verified()
	r.stop()
	for _, run := range [][]string{{"audit", "verify"}, {"audit", "export"}, {"projections", "verify"}, {"doctor"}} {
		if code, out := commandLine(t, append(run, placesOf(where)...)...); code != 0 {
			t.Errorf("%v: exit code %d\n%s", run, code, out)
		}
	}
	code, out := commandLine(t, append([]string{"audit", "verify"}, placesOf(where)...)...)
	if code != 0 || !strings.Contains(out, "1 events are in streams that are not ours") || !strings.Contains(out, "3 events are passed over") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// passesByCommand lets an event pass on the command line, where it verifies only after that.
func passesByCommand(t *testing.T, where app.Places, rec eventstore.Recorded) {
	t.Helper()
	if code, out := commandLine(t, append([]string{"audit", "verify"}, placesOf(where)...)...); code != 1 || !strings.Contains(out, "BROKEN: "+rec.Stream) {
		t.Errorf("before the pass: exit code %d:\n%s", code, out)
	}
	want := "sleutelbos events pass --position " + rec.Position.String() + " --id " + rec.ID.String()
	if code, out := commandLine(t, append([]string{"doctor"}, placesOf(where)...)...); code != 1 || strings.Count(out, "unread-event") != 1 || !strings.Contains(out, want) {
		t.Errorf("doctor before the pass: exit code %d:\n%s", code, out)
	}
	pass := func(id string) (int, string) {
		return commandLine(t, append([]string{"events", "pass", "--position=" + rec.Position.String(), "--id=" + id, "--reason=a test", "--by=Olga"}, placesOf(where)...)...)
	}
	if code, out := pass(uuid.NewString()); code != 1 || !strings.Contains(out, "no event with this id") {
		t.Errorf("with another id: exit code %d:\n%s", code, out)
	}
	if code, out := pass(rec.ID.String()); code != 0 || !strings.Contains(out, "Every reader passes over") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if code, out := pass(rec.ID.String()); code != 0 || !strings.Contains(out, "passed over already") {
		t.Errorf("again: exit code %d:\n%s", code, out)
	}
}

func placesOf(where app.Places) []string {
	places := []string{"--data=" + where.Data}
	if where.EventStore != "" {
		places = append(places, "--eventstore="+where.EventStore)
	}
	if where.Database != "" {
		places = append(places, "--database="+where.Database)
	}
	return places
}
