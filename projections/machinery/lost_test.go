package machinery_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// withoutRows returns a bench with the log of this one and other rows, of whose reactors somebody else
// kept how far they had come.
func (b *bench) withoutRows(o *outbox, kept map[string]machinery.Kept) machinery.Options {
	options := b.withReactor(o, false)
	options.DB = openSQLite(b.t, b.t.TempDir())
	options.Kept = func(context.Context) (map[string]machinery.Kept, error) { return kept, nil }
	return options
}

// keep returns how far the reactor has come.
func (b *bench) keep() machinery.Kept {
	b.t.Helper()
	c, _, err := b.db.ReactorCheckpoint(b.t.Context(), "mail")
	must(b.t, err)
	kept, ok, err := machinery.Keep(b.t.Context(), b.journal.Store, c)
	must(b.t, err)
	equal(b.t, true, ok)
	return kept
}

// TestF2_ALostCheckpoint: a reactor whose checkpoint is gone goes on from where it was last seen, and
// leaves nothing out. If nobody saw it in this log, it stops until it is told.
func TestF2_ALostCheckpoint(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		var o outbox
		r, end := b.run(b.withReactor(&o, false))
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		equal(t, machinery.Kept{}, b.keep()) // nothing yet, from the log's beginning
		b.append("account-1", made{"Anna"})
		at := b.append("account-2", made{"Bert"})
		until(t, "both are sent", func() bool {
			c, _, err := b.db.ReactorCheckpoint(t.Context(), "mail")
			return err == nil && c.Last.Position == at
		})
		end()
		seen := b.keep()
		equal(t, "account-2", seen.Stream)
		b.append("account-3", made{"Carl"})

		for what, c := range map[string]struct {
			kept map[string]machinery.Kept
			want string // empty if it stops
		}{
			"seen":                      {map[string]machinery.Kept{"mail": seen}, "Carl Dora"},
			"seen before its first":     {map[string]machinery.Kept{"mail": {}}, "Anna Bert Carl Dora"},
			"new beside others":         {map[string]machinery.Kept{"letters": seen}, "Dora"},
			"nobody knows":              {},
			"seen in another log":       {kept: map[string]machinery.Kept{"mail": {Stream: "account-1", ID: uuid.New()}}},
			"seen beyond the log's end": {kept: map[string]machinery.Kept{"mail": {Stream: "account-1", Revision: 9, ID: uuid.New()}}},
		} {
			t.Run(what, func(t *testing.T) { b.losesRows(t, c.kept, c.want) })
		}
	})
}

// losesRows runs the reactor on new rows, and says what it sends until its first event that comes then.
func (b *bench) losesRows(t *testing.T, kept map[string]machinery.Kept, want string) {
	var o outbox
	at := b.copied(t)
	options := at.withoutRows(&o, kept)
	prepared, err := machinery.NewRunner(options)
	must(t, err)
	must(t, prepared.Prepare(t.Context()))
	at.append("account-4", made{"Dora"})
	r, end := at.run(options)
	defer end()
	if want != "" {
		until(t, "it has sent the last", func() bool { all := o.all(); return len(all) > 0 && all[len(all)-1] == "Dora" })
		equal(t, want, strings.Join(o.all(), " "))
		return
	}
	until(t, "it stops", func() bool { return at.status(r, "mail").State == machinery.StateStopped })
	if fault := at.status(r, "mail").Fault; !strings.Contains(fault.Problem, "reactors resume mail") {
		t.Errorf("%+v", fault)
	}
	stands, _, err := options.DB.ReactorCheckpoint(t.Context(), "mail")
	must(t, err)
	if _, ok, err := machinery.Keep(t.Context(), at.journal.Store, stands); ok || err != nil {
		t.Errorf("it is kept, %v", err)
	}
	_, err = machinery.Resume(t.Context(), options.DB, at.journal.Store, "mail", eventstore.End, noon)
	must(t, err)
	at.append("account-5", made{"Eve"})
	until(t, "it goes on", func() bool { return strings.Join(o.all(), " ") == "Eve" })
}

// copied returns a bench with a copy of the log, and with rows of its own.
func (b *bench) copied(t *testing.T) *bench {
	t.Helper()
	copied := newBench(t, func() machinery.DB { return openSQLite(t, t.TempDir()) })
	copied.journal.Keys = b.journal.Keys
	for rec, err := range b.journal.Store.ReadAll(t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		must(t, err)
		_, err = copied.journal.Store.Append(t.Context(), rec.Stream, eventstore.Expected(rec.Revision-1), rec.Event)
		must(t, err)
	}
	return copied
}
