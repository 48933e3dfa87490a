package answers

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"reflect"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountfacts"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/organizationlist"
)

// Step is one event of an account with the states around it.
type Step struct {
	Event   HistoryLine    `json:"event"`
	Before  *AccountDetail `json:"before" doc:"Null before the first event."`
	After   *AccountDetail `json:"after"`
	Changes []Difference   `json:"changes"`
}

// Difference is one member of two states.
type Difference struct {
	Field string `json:"field"`
	Old   any    `json:"old"`
	New   any    `json:"new"`
}

// Comparison is two states of one account.
type Comparison struct {
	From        *AccountDetail `json:"from" doc:"Null where there was no account yet."`
	To          *AccountDetail `json:"to"`
	Differences []Difference   `json:"differences"`
	Events      []HistoryLine  `json:"events" doc:"Those between, the first excluded, the last included."`
}

// Past answers what accounts were and what happened to them, as an asker may see it. That
// the account is within the asker's reach is checked before.
type Past struct {
	DB    machinery.DB
	Lines Lines
}

// Point is a place in an account's history: up to and with a position, seen at a time.
type Point struct {
	Through eventstore.Position // 0: nothing had happened yet
	At      time.Time           // zero: when the last event up to there happened
}

var errRevision = problem.New(http.StatusNotFound, "revision-unknown")

// AtRevision answers the point after an event of the account's own stream. Errors:
// *problem.Error if there is no such event.
func (p Past) AtRevision(ctx context.Context, id string, revision int64) (Point, error) {
	position, err := audithistory.PositionOf(ctx, p.DB, eventstore.AccountSubject(id), revision)
	if errors.Is(err, machinery.ErrNoRow) {
		return Point{}, errRevision
	}
	return Point{Through: position}, err
}

// AtTime answers the point of a time.
func (p Past) AtTime(ctx context.Context, id string, at time.Time) (Point, error) {
	position, err := audithistory.PositionAt(ctx, p.DB, id, at)
	return Point{Through: position, At: at}, err
}

// State answers the account as it was; nil before its first event.
func (p Past) State(ctx context.Context, id string, m Point) (*AccountDetail, error) {
	if m.Through.IsZero() {
		return nil, nil // nothing had happened yet
	}
	entries, err := p.Lines.Opener.Collect(ctx, p.DB, id, m.Through)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	row, ok := accountdetail.New().FoldOne(id, entries...)
	if !ok {
		return nil, nil // nothing had happened to the account itself
	}
	if m.At.IsZero() {
		m.At = entries[len(entries)-1].Record.Envelope.OccurredAt
	}
	view, err := p.View(ctx, row, m.At)
	return &view, err
}

// View shows an account as of a time. A holder does not learn who acted.
func (p Past) View(ctx context.Context, row accountdetail.Row, now time.Time) (AccountDetail, error) {
	name, err := p.organizationName(ctx, row.Facts)
	view := viewDetail(row, name, now)
	if !p.Lines.Who.Reaches(rights.ReadDecider, row.OrganizationID, "") {
		view = view.withoutActors()
	}
	return view, err
}

func (p Past) organizationName(ctx context.Context, f accountfacts.Facts) (string, error) {
	o, err := organizationlist.Get(ctx, p.DB, f.OrganizationID)
	if errors.Is(err, machinery.ErrNoRow) {
		return "", nil // the provider's own accounts have none; and a list may lag behind another
	}
	return o.Name, err
}

// Between answers what happened between two points, whichever is earlier, the first
// excluded and the last included.
func (p Past) Between(ctx context.Context, id string, a, b Point) ([]HistoryLine, error) {
	found := []HistoryLine{}
	between := audithistory.Filter{Account: id, After: eventstore.Earlier(a.Through, b.Through), Through: eventstore.Later(a.Through, b.Through)}
	if between.After == between.Through {
		return found, nil
	}
	for row, err := range audithistory.All(ctx, p.DB, between, listing.Query{}) {
		if err != nil {
			return nil, err
		}
		line, err := p.Lines.Line(ctx, row)
		if err != nil {
			return nil, err
		}
		found = append(found, line)
	}
	return found, nil
}

// Steps yields an account's events, the oldest first, with the states around them.
func (p Past) Steps(ctx context.Context, id string) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		table := accountdetail.New()
		rows := map[string]accountdetail.Row{}
		var before *AccountDetail
		for row, err := range audithistory.All(ctx, p.DB, audithistory.Filter{Account: id}, listing.Query{}) {
			var step Step
			if err == nil {
				step.Event, err = p.Lines.Line(ctx, row)
			}
			var line audithistory.Line
			if err == nil {
				line, err = p.Lines.Opener.Open(ctx, row)
			}
			if err != nil {
				yield(Step{}, err)
				return
			}
			rows = table.FoldAll(rows, eventstore.Entry{Event: line.Event, Record: line.Record})
			step.Before = before
			if state, ok := rows[id]; ok {
				view, err := p.View(ctx, state, row.OccurredAt)
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

// Differences answers the members that two states do not share, in their order.
func Differences(from, to *AccountDetail) []Difference {
	changed := []Difference{}
	var none AccountDetail
	for _, m := range shownMembers(reflect.TypeOf(none)) {
		before, after := memberOf(from, m), memberOf(to, m)
		if !reflect.DeepEqual(before, after) && m.name != "changedAt" && m.name != "revision" {
			changed = append(changed, Difference{Field: m.name, Old: before, New: after})
		}
	}
	return changed
}

// Members answers the members of a state by name; nil where one is null or there is no state.
func (d *AccountDetail) Members() map[string]any {
	var none AccountDetail
	all := map[string]any{}
	for _, m := range shownMembers(reflect.TypeOf(none)) {
		all[m.name] = memberOf(d, m)
	}
	return all
}

func memberOf(state *AccountDetail, m shownMember) any {
	if state == nil {
		return nil
	}
	v := reflect.ValueOf(*state).FieldByIndex(m.index)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return reflect.Indirect(v).Interface()
}
