package machinery_test

import (
	"slices"
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// passing lets an event pass, as a registered event does.
type passing struct {
	ID       string `json:"id"`
	Stream   string `json:"stream"`
	Revision int64  `json:"revision"`
	Hash     string `json:"hash"`
}

func (p passing) Passes() (id, stream string, revision int64, hash string) {
	return p.ID, p.Stream, p.Revision, p.Hash
}

// heeding returns a registry of a process that has read the passes so far, or never will.
func (b *bench) heeding() *eventstore.Registry {
	r := registry()
	eventstore.Register[passing](r, "pass.recorded.v1")
	passes := eventstore.PassesOf(b.journal.Store, r)
	r.Heed(passes)
	must(b.t, passes.Learn(b.t.Context()))
	return r
}

func (b *bench) pass(at eventstore.Position, change func(*passing)) {
	b.t.Helper()
	rec, found, err := b.journal.Store.At(b.t.Context(), at)
	must(b.t, err)
	equal(b.t, true, found)
	p := passing{rec.ID.String(), rec.Stream, rec.Revision, eventstore.HashOf(rec)}
	change(&p)
	b.append(eventstore.PassesStream, p)
}

// TestF4_WhatStoodStillGoesOn: a read model and a reactor that stand still at an event nobody can read
// go on once it is passed over, although the pass stands behind the event in the log; so does a
// process that begins later, and a rebuild. A pass of another event moves nothing.
func TestF4_WhatStoodStillGoesOn(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		b.journal.Registry = b.heeding()
		var o outbox
		options := b.withReactor(&o, false)
		r, end := b.run(options)
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		b.append("account-1", made{"Anna"})
		b.unknown("billing-1", "account.teleported.v1")
		bad := b.unknown("account-1", "account.teleported.v1")
		all := []string{thingTable, historyTable, "mail"}
		stopped := func() bool {
			return !slices.ContainsFunc(all, func(name string) bool { return b.status(r, name).State != machinery.StateStopped })
		}
		until(t, "all stopped", stopped)
		b.pass(bad, func(p *passing) { p.ID = "0199a3f0-0000-7000-8000-000000000101" })
		b.pass(bad, func(p *passing) { p.Hash = "of other bytes" })
		b.pass(bad, func(p *passing) { p.Revision++ })
		rec, _, err := b.journal.Store.At(t.Context(), bad)
		must(t, err)
		over, err := b.journal.Registry.PassedOver(t.Context(), rec)
		must(t, err)
		equal(t, false, over)
		b.pass(bad, func(*passing) {})
		last := b.append("account-2", made{"Bert"})
		b.comesTo(r, last)
		until(t, "both are sent", func() bool { return slices.Equal(o.all(), []string{"Anna", "Bert"}) })
		equal(t, int64(1), b.status(r, historyTable).Foreign)

		next := b.unknown("account-2", "account.teleported.v1")
		until(t, "all stopped again", stopped)
		end()
		b.journal.Registry = b.heeding() // a process that begins now
		other, _ := b.run(b.withReactor(&o, false))
		equal(t, next, b.stoppedBy(other))
		b.pass(next, func(*passing) {})
		last = b.append("account-3", made{"Chris"})
		b.comesTo(other, last)

		b.journal.Registry = b.heeding()
		fresh, err := machinery.NewRunner(b.options())
		must(t, err)
		must(t, fresh.Rebuild(t.Context(), thingTable, nil))
		b.verified(fresh, thingTable, historyTable)
	})
}

// stoppedBy waits until a runner has taken over and stands still, and returns where.
func (b *bench) stoppedBy(r *machinery.Runner) eventstore.Position {
	b.t.Helper()
	until(b.t, "the other took over", func() bool { return b.status(r, historyTable).State == machinery.StateStopped })
	return b.status(r, historyTable).Fault.Position
}

// comesTo waits until read models that stood still have come to a position.
func (b *bench) comesTo(r *machinery.Runner, at eventstore.Position) {
	b.t.Helper()
	for _, name := range []string{thingTable, historyTable} {
		until(b.t, name+" went on", func() bool { return !b.status(r, name).Position.Before(at) })
	}
}
