package main

import (
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
)

// A rebuild that runs while 16 clients write ends equal to the live read model, row for row,
// on both engines and over both drivers; and both have all that was written.
func TestRebuildUnderLoad(t *testing.T) {
	t.Parallel()
	for engine, database := range engines {
		for driver, eventStore := range eventstores {
			t.Run(engine+" "+driver, func(t *testing.T) {
				r := start(t, app.Places{Data: t.TempDir(), Database: database(t), EventStore: eventStore(t)})
				organization, at := prepareLoad(t, r.PublicURL.String()), newTarget()
				at.set(r.PublicURL.String())
				l := startLoad(t, at, organization, 16, 1)
				l.waitFor(t, 200) // so that there is something to rebuild
				for _, name := range r.Runner.Names() {
					before := l.answered.Load()
					must(t, r.Runner.Rebuild(t.Context(), name, nil))
					l.waitFor(t, before+10) // it went on meanwhile, or does so behind it
				}
				l.stop()
				must(t, r.Runner.WaitFor(t.Context(), r.head()))
				r.verified()
				countRows(r, l)
			})
		}
	}
}

// countRows compares how many rows there are with the log and with the clients: what live
// and fresh read model both had missed, no comparison of the two would show.
func countRows(r *running, l *load) {
	r.t.Helper()
	created, events := 0, 0
	position, err := machinery.Get[int64](r.t.Context(), r.Rows, "SELECT max(position) FROM audit_history_v1")
	must(r.t, err)
	for _, rec := range r.records() {
		if rec.Position.After(eventstore.AtCommit(uint64(position))) {
			break // of a reactor, since then
		}
		events++
		if rec.Type == "account.created.v1" {
			created++
		}
	}
	want := 1 + shared
	for _, w := range l.clients {
		want += w.created
	}
	same(r.t, created, want)
	for query, want := range map[string]int{
		"SELECT count(*) FROM account_list_v1":   created,
		"SELECT count(*) FROM account_detail_v1": created,
	} {
		n, err := machinery.Get[int64](r.t.Context(), r.Rows, query)
		must(r.t, err)
		same(r.t, int(n), want)
	}
	n, err := machinery.Get[int64](r.t.Context(), r.Rows, "SELECT count(*) FROM audit_history_v1 WHERE position <= $1", position)
	must(r.t, err)
	same(r.t, int(n), events)
}
