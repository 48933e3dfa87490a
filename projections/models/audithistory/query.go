package audithistory

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/rolegrouplist"
)

// Filter keeps the events that fit; a zero member keeps all.
type Filter struct {
	Account      string // whom they concern
	Stream       string // "organization-<id>", "license-<id>" …
	RoleGroup    string // with the events on accounts' streams by which they got it or lost it
	Actor        string
	Types        []string // stored names, or their beginnings followed by "*": "account.*"; any of them
	Organization string
	Outcome      string // eventstore.OutcomeDone or OutcomeRefused
	From, To     time.Time
	// Through keeps the events up to a position, that one included; 0 keeps all.
	Through eventstore.Position
	// After keeps the events beyond a position, that one excluded.
	After eventstore.Position
}

var list = listing.List{
	Table: Table, Columns: New().Columns(), Key: "position", NumericKey: true,
	Sorts: []listing.Sort{{Name: "position", Column: "position"}},
}

// stored is the list of the same events with fewer columns.
var stored = listing.List{
	Table: Table, Columns: "position, event_id, type, stream, revision, recorded_at, data, metadata", Key: list.Key, NumericKey: true,
	Sorts: list.Sorts,
}

// Sorts are the orders of the history.
func Sorts() []listing.Sort { return list.Sorts }

// List returns a page of the events that fit. A search looks at the names of who acted and
// whom it concerned.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Row], error) {
	return ask(ctx, db, list, f, q, ofRow)
}

// ListStored is List for who opens the events.
func ListStored(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Stored], error) {
	return ask(ctx, db, stored, f, q, ofStored)
}

func ask[R any](ctx context.Context, db machinery.Reader, l listing.List, f Filter, q listing.Query, position func(R) int64) (listing.Page[R], error) {
	w, err := f.where(ctx, db, q)
	if err != nil {
		return listing.Page[R]{}, err
	}
	return listing.Ask(ctx, db, l, w, q, placed(position))
}

func placed[R any](position func(R) int64) func(R, string) listing.Place {
	return func(row R, _ string) listing.Place {
		return listing.Place{Key: strconv.FormatInt(position(row), 10)}
	}
}

func ofRow(row Row) int64     { return row.Position }
func ofStored(s Stored) int64 { return s.Position }

// All yields every event that fits.
func All(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Row, error] {
	return all(ctx, db, list, f, q, ofRow)
}

// AllStored is All for who opens the events.
func AllStored(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Stored, error] {
	return all(ctx, db, stored, f, q, ofStored)
}

func all[R any](ctx context.Context, db machinery.Reader, l listing.List, f Filter, q listing.Query, position func(R) int64) iter.Seq2[R, error] {
	where := func(ctx context.Context) (*listing.Where, error) { return f.where(ctx, db, q) }
	return listing.All(ctx, db, l, where, q, placed(position))
}

func (f Filter) where(ctx context.Context, db machinery.Reader, q listing.Query) (*listing.Where, error) {
	w := f.exact(db)
	words := typed.Words(q.Search)
	if len(words) == 0 {
		return w, nil
	}
	account, err := accountlist.Named(ctx, db, w, Table+".account_id", words)
	if err != nil {
		return nil, err
	}
	actor, err := accountlist.Named(ctx, db, w, Table+".actor_id", words)
	if err != nil {
		return nil, err
	}
	w.Raw("(" + account + " OR " + actor + ")")
	return w, nil
}

func (f Filter) exact(db machinery.Reader) *listing.Where {
	w := &listing.Where{}
	w.Equal("account_id", f.Account)
	w.Equal("stream", f.Stream)
	if f.RoleGroup != "" {
		w.And("(stream = ? OR position IN (SELECT position FROM "+rolegrouplist.Changes+" WHERE role_group_id = ?))", "rolegroup-"+f.RoleGroup, f.RoleGroup)
	}
	w.Equal("actor_id", f.Actor)
	w.Equal("organization_id", f.Organization)
	w.Equal("outcome", f.Outcome)
	f.ofTypes(w, db)
	if !f.From.IsZero() {
		w.And("occurred_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		w.And("occurred_at < ?", f.To)
	}
	if !f.Through.IsZero() {
		w.And("position <= ?", int64(f.Through.Commit()))
	}
	if !f.After.IsZero() {
		w.And("position > ?", int64(f.After.Commit()))
	}
	return w
}

// ofTypes keeps the events of the types that are asked for. The text of the condition is the same
// for every list of them: whoever asks with ever new lists makes no new statements.
func (f Filter) ofTypes(w *listing.Where, db machinery.Reader) {
	if len(f.Types) == 0 {
		return
	}
	names := catalog.Matching(f.Types...)
	if len(names) == 1 {
		w.Equal("type", names[0]) // in the order of the index
		return
	}
	w.Raw(db.InList("type", w.Arg(names)))
}

// Mark is an event as a place in a history, without what it says.
type Mark struct {
	Position   int64     `db:"position"`
	Type       string    `db:"type"`
	OccurredAt time.Time `db:"occurred_at"`
	ActorKind  string    `db:"actor_kind"`
	ActorID    string    `db:"actor_id"`
	Outcome    string    `db:"outcome"`
}

// Marks returns every event that concerns an account, the oldest first: the first is the
// account's step 1.
func Marks(ctx context.Context, db machinery.Reader, account string) ([]Mark, error) {
	marks, err := machinery.Select[Mark](ctx, db,
		`SELECT position, type, occurred_at, actor_kind, actor_id, outcome FROM `+Table+` WHERE account_id = $1 ORDER BY position`, account)
	if err != nil {
		return nil, fmt.Errorf("mark the steps of an account: %w", err)
	}
	return marks, nil
}

// At returns the events at some positions, in the order of the log.
func At(ctx context.Context, db machinery.Reader, positions ...int64) ([]Row, error) {
	if len(positions) == 0 {
		return nil, nil // nothing was asked for
	}
	where := func(context.Context) (*listing.Where, error) {
		w := &listing.Where{}
		places := make([]string, 0, 2*len(positions))
		for _, position := range positions {
			places = append(places, w.Arg(position))
		}
		for len(places)&(len(places)-1) != 0 { // up to a power of two, so that the texts are few
			places = append(places, w.Arg(positions[0]))
		}
		w.Raw("position IN (" + strings.Join(places, ", ") + ")")
		return w, nil
	}
	var rows []Row
	for row, err := range listing.All(ctx, db, list, where, listing.Query{}, placed(ofRow)) {
		if err != nil {
			return nil, fmt.Errorf("read some events: %w", err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// PositionOf returns where a stream's revision stands in the log. Errors:
// machinery.ErrNoRow.
func PositionOf(ctx context.Context, db machinery.Reader, stream string, revision int64) (eventstore.Position, error) {
	position, err := machinery.Get[int64](ctx, db,
		`SELECT position FROM `+Table+` WHERE stream = $1 AND revision = $2`, stream, revision)
	return eventstore.AtCommit(uint64(position)), err
}

// Begun returns those of some streams that have events.
func Begun(ctx context.Context, db machinery.Reader, streams ...string) ([]string, error) {
	type first struct {
		Stream string `db:"stream"`
	}
	rows, err := machinery.Select[first](ctx, db,
		`SELECT stream FROM `+Table+` WHERE `+db.InList("stream", "$1")+` AND revision = 0 ORDER BY stream`, streams)
	if err != nil {
		return nil, fmt.Errorf("look which streams have events: %w", err)
	}
	var begun []string
	for _, f := range rows {
		begun = append(begun, f.Stream)
	}
	return begun, nil
}

// PositionAt returns the position of the last event that concerns an account and happened
// at or before a moment; 0 if there is none.
func PositionAt(ctx context.Context, db machinery.Reader, account string, at time.Time) (eventstore.Position, error) {
	position, err := machinery.Get[int64](ctx, db,
		`SELECT coalesce(max(position), 0) FROM `+Table+` WHERE account_id = $1 AND occurred_at <= $2`, account, at)
	return eventstore.AtCommit(uint64(position)), err
}

// Opener opens rows for who may read them.
type Opener struct {
	Registry *eventstore.Registry
	Keys     eventstore.Keys
}

// Line is an event as people read it.
type Line struct {
	Row      Row                 // as the table has it
	Event    any                 // in its type of today; see eventstore.Shown for what nobody can read
	Record   eventstore.Record   // as stored
	Envelope eventstore.Envelope // opened
	Changes  []Change
}

// Open returns a row in the clear.
func (o Opener) Open(ctx context.Context, row Row) (Line, error) {
	return o.OpenStored(ctx, row.Stored())
}

// OpenStored returns an event in the clear, and its row, which follows from it.
func (o Opener) OpenStored(ctx context.Context, s Stored) (Line, error) {
	entry, err := o.entry(ctx, s)
	if err != nil {
		return Line{}, err
	}
	envelope, err := entry.Record.Open(ctx, o.Keys)
	if err != nil {
		return Line{}, fmt.Errorf("open the event at position %d: %w", s.Position, err)
	}
	return Line{Row: RowOf(entry.Record), Event: entry.Event, Record: entry.Record, Envelope: envelope, Changes: Changes(entry.Event)}, nil
}

// Entries yields an account's events, oldest first, up to and with a position (0: all), to
// be folded into what the account was then.
func (o Opener) Entries(ctx context.Context, db machinery.Reader, account string, through eventstore.Position) iter.Seq2[eventstore.Entry, error] {
	return func(yield func(eventstore.Entry, error) bool) {
		for row, err := range AllStored(ctx, db, Filter{Account: account, Through: through}, listing.Query{}) {
			var entry eventstore.Entry
			if err == nil {
				entry, err = o.entry(ctx, row)
			}
			if errors.Is(err, eventstore.ErrPassedOver) {
				continue // a version that could read it made the row
			}
			if !yield(entry, err) || err != nil {
				return
			}
		}
	}
}

// Collect returns the entries as a slice.
func (o Opener) Collect(ctx context.Context, db machinery.Reader, account string, through eventstore.Position) ([]eventstore.Entry, error) {
	var entries []eventstore.Entry
	for entry, err := range o.Entries(ctx, db, account, through) {
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return slices.Clip(entries), nil
}

func (o Opener) entry(ctx context.Context, s Stored) (eventstore.Entry, error) {
	id, err := uuid.Parse(s.EventID)
	if err != nil {
		return eventstore.Entry{}, fmt.Errorf("the event at position %d: %w", s.Position, err)
	}
	event, record, err := o.Registry.Decode(ctx, o.Keys, eventstore.Recorded{
		Event:  eventstore.Event{ID: id, Type: s.Type, Data: s.Data, Metadata: s.Metadata},
		Stream: s.Stream, Revision: s.Revision, Position: eventstore.AtCommit(uint64(s.Position)), Created: s.RecordedAt,
	})
	if err != nil {
		return eventstore.Entry{}, err
	}
	return eventstore.Entry{Event: event, Record: record}, nil
}
