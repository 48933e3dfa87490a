package ui

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// proof is what was verified of an account's history, just now.
type proof struct {
	accountHead
	Total   int // steps
	UpTo    int // the last step up to which everything holds
	At      time.Time
	Took    time.Duration
	Streams []provenStream
	Seal    *frame.Seal // the newest of the whole log
	Sealed  int         // the last step that the seal covers
}

// provenStream is a stream of which the history has events, read from the log itself.
type provenStream struct {
	Name    string
	Events  int64  // whose chain holds, up to the fault if there is one
	Shown   int    // of these, how many are in the history
	Hash    string // of the last
	Fault   string // what is wrong; empty if nothing is
	FaultAt int64  // revision
}

// OK says whether everything holds.
func (p proof) OK() bool { return p.UpTo == p.Total }

// shownEvent is an event as the history has it.
type shownEvent struct {
	step int
	row  audithistory.Row
}

func (u *UI) showProof(w http.ResponseWriter, r *http.Request) error {
	if _, err := u.Reach.Account(r, rights.ReadHistory); err != nil {
		return err
	}
	head, err := u.accountHead(r, "history")
	if err != nil {
		return err
	}
	began := time.Now()
	p, err := u.prove(r.Context(), head.ID)
	if err != nil {
		return err
	}
	p.accountHead, p.At, p.Took = head, u.Now(), time.Since(began)
	return u.Pages.Render(w, r, "proof", frame.Page{Title: words.Text(words.Of(r.Context()), "proof.title-of", head.Name), Nav: "accounts", Data: p})
}

// prove reads every stream of the history from the log, checks the chains from their
// beginnings, and compares what the history shows with what the log holds, byte by byte.
func (u *UI) prove(ctx context.Context, account string) (proof, error) {
	streams := map[string]map[int64]shownEvent{}
	var p proof
	var positions []eventstore.Position
	for row, err := range audithistory.All(ctx, u.DB, audithistory.Filter{Account: account}, listing.Query{}) {
		if err != nil {
			return p, err
		}
		if p.Total++; streams[row.Stream] == nil {
			streams[row.Stream] = map[int64]shownEvent{}
		}
		streams[row.Stream][row.Revision] = shownEvent{p.Total, row}
		positions = append(positions, eventstore.Position(row.Position))
	}
	p.UpTo = p.Total
	for name, shown := range streams {
		s, first, err := u.proveStream(ctx, name, shown)
		if err != nil {
			return p, err
		}
		if s.Fault != "" {
			p.UpTo = min(p.UpTo, first-1)
		}
		p.Streams = append(p.Streams, s)
	}
	own := eventstore.AccountSubject(account)
	slices.SortFunc(p.Streams, func(a, b provenStream) int {
		if (a.Name == own) != (b.Name == own) {
			return map[bool]int{true: -1, false: 1}[a.Name == own]
		}
		return bytes.Compare([]byte(a.Name), []byte(b.Name))
	})
	seal, found, err := u.C.Seals.Last(ctx)
	if err != nil {
		return p, err
	}
	if found {
		p.Seal = &seal
		for i, position := range positions {
			if position <= seal.Position {
				p.Sealed = i + 1
			}
		}
	}
	return p, nil
}

// proveStream answers what holds of a stream, and the first step of the history that does
// not; one beyond the last if all do.
func (u *UI) proveStream(ctx context.Context, name string, shown map[int64]shownEvent) (provenStream, int, error) {
	s := provenStream{Name: name}
	tail := eventstore.Tail{}
	wrong := func(revision int64, what string) (provenStream, int, error) {
		s.Fault, s.FaultAt = what, revision
		first := 0
		for at, each := range shown {
			if at >= revision && (first == 0 || each.step < first) {
				first = each.step
			}
		}
		return s, first, nil
	}
	for r, err := range u.C.Journal.Store.ReadStream(ctx, name, 0, eventstore.Forwards) {
		if err != nil {
			return s, 0, err
		}
		next, err := tail.Follow(r)
		if broken, ok := errors.AsType[*eventstore.ChainError](err); ok {
			return wrong(broken.Revision, broken.Problem)
		} else if err != nil {
			return s, 0, err
		}
		if each, ok := shown[r.Revision]; ok {
			if !same(each.row, r) {
				return wrong(r.Revision, "the history shows another event than the log holds")
			}
			s.Shown++
		}
		tail, s.Events, s.Hash = next, s.Events+1, next.Hash
	}
	if s.Shown < len(shown) {
		return wrong(tail.Next, "the history shows events that the log does not hold")
	}
	return s, 0, nil
}

func same(row audithistory.Row, r eventstore.Recorded) bool {
	return row.Type == r.Type && row.EventID == r.ID.String() && row.Position == int64(r.Position) &&
		bytes.Equal(row.Data, r.Data) && bytes.Equal(row.Metadata, r.Metadata)
}
