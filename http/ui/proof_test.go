package ui_test

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/http/ui/frame"
)

// forgery is the log as the proofs read it; a test may change what they read.
type forgery struct {
	eventstore.Store
	change atomic.Pointer[func(eventstore.Recorded) eventstore.Recorded]
	gate   atomic.Pointer[chan struct{}] // a reading of the whole log waits for it
}

// ReadStream reads with the change.
func (f *forgery) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return f.changed(f.Store.ReadStream(ctx, stream, from, dir))
}

// ReadAll reads with the change.
func (f *forgery) ReadAll(ctx context.Context, beyond eventstore.Position, dir eventstore.Direction, filter eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	if gate := f.gate.Load(); gate != nil {
		<-*gate
	}
	return f.changed(f.Store.ReadAll(ctx, beyond, dir, filter))
}

func (f *forgery) changed(all iter.Seq2[eventstore.Recorded, error]) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		for r, err := range all {
			if change := f.change.Load(); change != nil {
				r = (*change)(r)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// blockedBecause changes the bytes of a block, as somebody might who has the database.
func blockedBecause(r eventstore.Recorded) eventstore.Recorded {
	if r.Type == "account.blocked.v1" {
		r.Data = append([]byte(nil), r.Data...)
		r.Data[len(r.Data)-3] ^= 1
	}
	return r
}

// provenBy verifies as the program does, without a key: this site seals nothing.
type provenBy struct{ log *forgery }

func (p provenBy) Last(context.Context) (frame.Seal, bool, error) {
	return frame.Seal{At: noon, Size: 7, Position: eventstore.AtCommit(7), Root: "d29ydGVs"}, true, nil
}

func (p provenBy) Verify(ctx context.Context, progress func(int64)) (frame.Verification, error) {
	progress(1)
	report, err := audit.Verify(ctx, p.log, audit.Options{})
	found := frame.Verification{Events: report.Events, Streams: report.Streams, Broken: report.Broken, Unsealed: report.Unsealed}
	for _, problem := range report.Problems {
		found.Problems = append(found.Problems, problem.String())
	}
	return found, err
}

// TestProof verifies a history against the log, and names where it was changed.
func TestProof(t *testing.T) {
	s := newSite(t)
	h := s.house("proof", "klic")
	admin := s.signIn("admin@proof.nl", goodPassword, "nl")
	admin.post("/accounts/"+h.user+"/block", "reason", "misbruik gemeld")
	proof := "/accounts/" + h.user + "/history/proof"
	admin.open(proof).says(t, "Alle 4 stappen", "keten klopt tot stap 4", "account-"+h.user, "d29ydGVs")

	change := blockedBecause
	s.forged.change.Store(&change)
	admin.open(proof).says(t, "Slechts 3 van de 4", "keten is verbroken na stap 3", "fout bij revisie 3", "its hash does not match")

	// The chain of another history holds, and yet it is not the one that is shown.
	rechained := func(r eventstore.Recorded) eventstore.Recorded {
		if r.Stream == "account-"+h.user {
			r.Position = eventstore.AtCommit(r.Position.Commit() + 1)
		}
		return r
	}
	s.forged.change.Store(&rechained)
	admin.open(proof).says(t, "Slechts 0 van de 4", "the history shows another event than the log holds")
}

// TestCheckOfTheWholeLog runs beyond its request, shows how far it is, and what it found.
func TestCheckOfTheWholeLog(t *testing.T) {
	s := newSite(t)
	h := s.house("check", "klic")
	root, admin := s.signIn("root", goodPassword, "nl"), s.signIn("admin@check.nl", goodPassword, "nl")
	root.post("/accounts/"+h.user+"/block", "reason", "misbruik gemeld")

	gate := make(chan struct{})
	s.forged.gate.Store(&gate)
	root.post("/manage/check").leads(t, "/manage#seals")
	root.open("/manage").says(t, `hx-trigger="every 1s"`, "<progress", "gebeurtenissen gelezen")
	root.post("/manage/check").leads(t, "/manage#seals") // the one under way goes on
	s.forged.gate.Store(nil)
	close(gate)
	s.until(root, "/manage", "Het log is zoals het is geschreven").hides(t, `hx-trigger="every 1s"`)

	change := blockedBecause
	s.forged.change.Store(&change)
	root.post("/manage/check")
	s.until(root, "/manage", "Het log is niet zoals het is geschreven").says(t, "account-"+h.user+" revision 3")

	if p := admin.post("/manage/check"); p.status != http.StatusForbidden {
		t.Errorf("an admin checks the log: %d", p.status)
	}
}

// until opens a page until it says something.
func (s *site) until(b *browser, path, text string) page {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) { // polls
		p := b.open(path)
		if strings.Contains(p.body, text) {
			return p
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%s never says %q:\n%s", path, text, p.body)
		}
	}
}
