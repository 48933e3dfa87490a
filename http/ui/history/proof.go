package history

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// proofPages check the past of an account against the log.
type proofPages struct {
	Section
	heads accountpage.Heads
}

func (s proofPages) mount(r chi.Router) {
	r.Get("/accounts/{id}/history/proof", s.Pages.SignedIn(s.showProof))
}

// proof is what was verified of an account's history, just now.
type proof struct {
	accountpage.Head
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

// OK reports whether everything holds.
func (p proof) OK() bool { return p.UpTo == p.Total }

// shownEvent is an event as the history has it.
type shownEvent struct {
	step int
	row  audithistory.Row
}

func (s proofPages) showProof(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Reach.Account(r, rights.ReadHistory); err != nil {
		return err
	}
	head, err := s.heads.Of(r, "history")
	if err != nil {
		return err
	}
	began := time.Now()
	p, err := s.prove(r.Context(), head.ID)
	if err != nil {
		return err
	}
	p.Head, p.At, p.Took = head, s.Now(), time.Since(began)
	return s.Pages.Render(w, r, "proof", frame.Page{Title: words.Text(words.Of(r.Context()), "proof.title-of", head.Name), Nav: "accounts", Organization: head.OrganizationID, Data: p})
}

// prove reads every stream of the history from the log, checks the chains from their
// beginnings, and compares what the history shows with what the log holds, byte by byte.
func (s proofPages) prove(ctx context.Context, account string) (proof, error) {
	streams := map[string]map[int64]shownEvent{}
	var p proof
	var positions []eventstore.Position
	for row, err := range audithistory.All(ctx, s.DB, audithistory.Filter{Account: account}, listing.Query{}) {
		if err != nil {
			return p, err
		}
		if p.Total++; streams[row.Stream] == nil {
			streams[row.Stream] = map[int64]shownEvent{}
		}
		streams[row.Stream][row.Revision] = shownEvent{p.Total, row}
		positions = append(positions, eventstore.AtCommit(uint64(row.Position)))
	}
	p.UpTo = p.Total
	for name, shown := range streams {
		stream, first, err := s.proveStream(ctx, name, shown)
		if err != nil {
			return p, err
		}
		if stream.Fault != "" {
			p.UpTo = min(p.UpTo, first-1)
		}
		p.Streams = append(p.Streams, stream)
	}
	own := eventstore.AccountSubject(account)
	slices.SortFunc(p.Streams, func(a, b provenStream) int {
		if (a.Name == own) != (b.Name == own) {
			return map[bool]int{true: -1, false: 1}[a.Name == own]
		}
		return bytes.Compare([]byte(a.Name), []byte(b.Name))
	})
	seal, found, err := s.Seals.Last(ctx)
	if err != nil {
		return p, err
	}
	if found {
		p.Seal = &seal
		for i, position := range positions {
			if !position.After(seal.Position) {
				p.Sealed = i + 1
			}
		}
	}
	return p, nil
}
