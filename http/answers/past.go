package answers

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"reflect"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/organizationlist"
)

// Step is one event of an account with the states around it.
type Step struct {
	Event   HistoryLine   `json:"event"`
	Before  *AccountState `json:"before" doc:"Null before the first event."`
	After   *AccountState `json:"after"`
	Changes []Difference  `json:"changes"`
}

// Difference is one member of two states.
type Difference struct {
	Field string `json:"field"`
	Old   any    `json:"old"`
	New   any    `json:"new"`
}

// Comparison is two states of one account.
type Comparison struct {
	From        *AccountState `json:"from" doc:"Null where there was no account yet."`
	To          *AccountState `json:"to"`
	Differences []Difference  `json:"differences"`
	Events      []HistoryLine `json:"events" doc:"Those between, the first excluded, the last included."`
}

// AccountState is an account with all its facts at a time, as an asker may see it.
type AccountState = listing.View[accountdetail.Item]

// Past returns what accounts were and what happened to them, as an asker may see it. That
// the account is within the asker's reach is checked before.
type Past struct {
	Source Source
	Asker  Asker
}

// Point is a place in an account's history: up to and with a position, seen at a time.
type Point struct {
	Through eventstore.Position // 0: nothing had happened yet
	At      time.Time           // zero: when the last event up to there happened
}

var errRevision = problem.New(http.StatusNotFound, "revision-unknown")

// AtRevision returns the point after an event of the account's own stream. Errors:
// *problem.Error if there is no such event.
func (p Past) AtRevision(ctx context.Context, id string, revision int64) (Point, error) {
	position, err := audithistory.PositionOf(ctx, p.Source.DB, eventstore.AccountSubject(id), revision)
	if errors.Is(err, machinery.ErrNoRow) {
		return Point{}, errRevision
	}
	return Point{Through: position}, err
}

// AtTime returns the point of a time.
func (p Past) AtTime(ctx context.Context, id string, at time.Time) (Point, error) {
	position, err := audithistory.PositionAt(ctx, p.Source.DB, id, at)
	return Point{Through: position, At: at}, err
}

// State returns the account as it was; nil before its first event.
func (p Past) State(ctx context.Context, id string, m Point) (*AccountState, error) {
	row, at, err := p.row(ctx, id, m)
	if err != nil || row == nil {
		return nil, err
	}
	now, err := p.now(ctx, id)
	if err != nil {
		return nil, err
	}
	view, err := p.view(ctx, *row, now, at)
	return &view, err
}

// row returns what was recorded of the account at a point, and the time of that point; nil before the
// account's first event.
func (p Past) row(ctx context.Context, id string, m Point) (*accountdetail.Row, time.Time, error) {
	if m.Through.IsZero() {
		return nil, m.At, nil // nothing had happened yet
	}
	entries, err := p.Source.Opener.Collect(ctx, p.Source.DB, id, m.Through)
	if err != nil || len(entries) == 0 {
		return nil, m.At, err
	}
	row, ok := accountdetail.New().FoldOne(id, entries...)
	if !ok {
		return nil, m.At, nil // nothing had happened to the account itself
	}
	if m.At.IsZero() {
		m.At = entries[len(entries)-1].Record.Envelope.OccurredAt
	}
	return &row, m.At, nil
}

// now returns the account as it is at present, which decides what is kept of its past.
func (p Past) now(ctx context.Context, id string) (*accountdetail.Item, error) {
	item, err := Accounts.Whole.Get(ctx, p.Source.DB, id)
	if errors.Is(err, machinery.ErrNoRow) { // as the pages and the API find it, before they ask for the past
		err = Accounts.Missing
	}
	return &item, err
}

// view returns an account as of a time.
func (p Past) view(ctx context.Context, row accountdetail.Row, now *accountdetail.Item, at time.Time) (AccountState, error) {
	item := accountdetail.Item{Row: row}
	o, err := organizationlist.Get(ctx, p.Source.DB, row.OrganizationID)
	if err != nil && !errors.Is(err, machinery.ErrNoRow) {
		return AccountState{}, err
	}
	item.OrganizationName = o.Name // empty for the provider's own accounts, and where one list lags behind another
	redact(p.Asker, Accounts.Whole, &item, now)
	return Accounts.Whole.View(&item, at, true), nil
}

// Between returns what happened between two points, whichever is earlier, the first
// excluded and the last included.
func (p Past) Between(ctx context.Context, id string, a, b Point) ([]HistoryLine, error) {
	found := []HistoryLine{}
	between := audithistory.Filter{Account: id, After: eventstore.Earlier(a.Through, b.Through), Through: eventstore.Later(a.Through, b.Through)}
	if between.After == between.Through {
		return found, nil
	}
	lines := p.Lines()
	for row, err := range audithistory.All(ctx, p.Source.DB, between, listing.Query{}) {
		if err != nil {
			return nil, err
		}
		line, err := lines.Line(ctx, row)
		if err != nil {
			return nil, err
		}
		found = append(found, line)
	}
	return found, nil
}

// Compare returns an account at two points, and what happened between them.
func (p Past) Compare(ctx context.Context, id string, from, to Point) (Comparison, error) {
	before, err := p.State(ctx, id, from)
	if err != nil {
		return Comparison{}, err
	}
	after, err := p.State(ctx, id, to)
	if err != nil {
		return Comparison{}, err
	}
	between, err := p.Between(ctx, id, from, to)
	return Comparison{From: before, To: after, Differences: Differences(before, after), Events: between}, err
}

// Steps yields an account's events, the oldest first, with the states around them.
func (p Past) Steps(ctx context.Context, id string) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		table := accountdetail.New()
		rows := map[string]accountdetail.Row{}
		var before *AccountState
		now, err := p.now(ctx, id)
		if err != nil {
			yield(Step{}, err)
			return
		}
		lines := p.Lines()
		for stored, err := range audithistory.AllStored(ctx, p.Source.DB, audithistory.Filter{Account: id}, listing.Query{}) {
			var step Step
			var line audithistory.Line
			if err == nil {
				line, err = lines.openInTurn(ctx, stored)
			}
			if err == nil {
				step.Event, err = lines.line(ctx, line)
			}
			if err != nil {
				yield(Step{}, err)
				return
			}
			rows = table.FoldAll(rows, eventstore.Entry{Event: line.Event, Record: line.Record})
			step.Before = before
			if state, ok := rows[id]; ok {
				view, err := p.view(ctx, state, now, line.Row.OccurredAt)
				if err != nil {
					yield(Step{}, err)
					return
				}
				step.After, before = &view, &view
			}
			step.Changes = Differences(step.Before, step.After)
			if !yield(step, nil) {
				return
			}
		}
	}
}

// Lines opens events as the asker may see them.
func (p Past) Lines() Lines { return p.Source.Lines(p.Asker.Who) }

// Differences returns the fields that two states do not share, in their order. Either may
// be nil.
func Differences(from, to *AccountState) []Difference {
	changed := []Difference{}
	before, after := from.Members(), to.Members()
	for _, f := range Accounts.Whole.Abouts(true) {
		if !f.Bookkeeping && !reflect.DeepEqual(before[f.Name], after[f.Name]) {
			changed = append(changed, Difference{Field: f.Name, Old: before[f.Name], New: after[f.Name]})
		}
	}
	return changed
}
