package accountfacts

import (
	"strings"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Stopped is what list and detail show of the stops of an account.
type Stopped struct {
	Stops
	BlockedReason string `db:"blocked_reason"`
}

// Stops are account.Stops as columns. A column has the name of the stop's badge.
type Stops struct {
	Closed   bool `db:"closed"`
	Blocked  bool `db:"blocked"`
	Disabled bool `db:"disabled"`
}

// StopColumns are the columns of all stops, the strongest first, for an index.
func StopColumns() string {
	var columns []string
	for _, stop := range account.StopBadges() {
		columns = append(columns, string(stop))
	}
	return strings.Join(columns, ", ")
}

func registerStopped[Row any](t *machinery.Table[Row], facts func(*Row) *Facts) {
	on(t, facts, func(f *Facts, e account.Blocked) { f.Blocked, f.BlockedReason = true, e.Reason })
	on(t, facts, func(f *Facts, _ account.Unblocked) { f.Blocked, f.BlockedReason = false, "" })
	on(t, facts, func(f *Facts, _ account.Disabled) { f.Disabled = true })
	on(t, facts, func(f *Facts, _ account.Enabled) { f.Disabled = false })
	on(t, facts, func(f *Facts, _ account.Closed) { f.Closed = true })
}

var stoppedFields = []listing.Field[Stopped]{
	listing.Computed(listing.Flag, "enabled", func(s *Stopped, _ time.Time) bool { return !s.Disabled }).
		In(Access, 4, "disabledAt", "disabledBy", "disabledReason").Filtered(listing.ByEither("enabled", machinery.Is("disabled").Not(), machinery.Is("disabled"))),
	listing.Of(listing.Flag, "blocked", func(s *Stopped) *bool { return &s.Blocked }).
		In(Access, 3, "blockedAt", "blockedBy", "blockedReason", "unblockedReason").Filtered(listing.ByFlag("blocked", "blocked")),
	listing.Of(listing.Text, "blockedReason", func(s *Stopped) *string { return &s.BlockedReason }).Nullable(),
}

// closedField stands behind the end date.
var closedField = listing.Of(listing.Flag, "closed", func(f *Facts) *bool { return &f.Closed }).
	In(Access, 7, "closedAt", "closedBy", "closedReason").Filtered(listing.ByFlag("closed", "closed"))

// StopMarks are when, by whom and why the stops of an account were last changed, which the detail
// shows and the list does not.
type StopMarks struct {
	BlockedAt       time.Time `db:"blocked_at"` // of the last block or its lifting
	BlockedBy       string    `db:"blocked_by"`
	UnblockedReason string    `db:"unblocked_reason"`
	DisabledAt      time.Time `db:"disabled_at"` // of the last switch off or on
	DisabledBy      string    `db:"disabled_by"`
	DisabledReason  string    `db:"disabled_reason"`
	ClosedAt        time.Time `db:"closed_at"`
	ClosedBy        string    `db:"closed_by"`
	ClosedReason    string    `db:"closed_reason"`
}

// RegisterStopMarks folds every event that changes them.
func RegisterStopMarks[Row any](t *machinery.Table[Row], of func(*Row) (*Facts, *StopMarks)) {
	mark(t, of, func(m *StopMarks, _ account.Blocked, at time.Time, by string) {
		m.BlockedAt, m.BlockedBy, m.UnblockedReason = at, by, ""
	})
	mark(t, of, func(m *StopMarks, e account.Unblocked, at time.Time, by string) {
		m.BlockedAt, m.BlockedBy, m.UnblockedReason = at, by, e.Reason
	})
	mark(t, of, func(m *StopMarks, e account.Disabled, at time.Time, by string) {
		m.DisabledAt, m.DisabledBy, m.DisabledReason = at, by, e.Reason
	})
	mark(t, of, func(m *StopMarks, e account.Enabled, at time.Time, by string) {
		m.DisabledAt, m.DisabledBy, m.DisabledReason = at, by, e.Reason
	})
	mark(t, of, func(m *StopMarks, e account.Closed, at time.Time, by string) {
		m.ClosedAt, m.ClosedBy, m.ClosedReason = at, by, e.Reason
	})
}

func mark[Row, E any](t *machinery.Table[Row], of func(*Row) (*Facts, *StopMarks), fold func(*StopMarks, E, time.Time, string)) {
	machinery.On(t, machinery.ByAccount, func(row Row, e E, r eventstore.Record) Row {
		facts, marks := of(&row)
		fold(marks, e, r.Envelope.OccurredAt, r.Envelope.Actor.ID)
		facts.Touch(r)
		return row
	})
}

// StopMarkFields are the marks as the detail shows them.
var StopMarkFields = []listing.Field[StopMarks]{
	listing.Of(listing.Moment, "blockedAt", func(m *StopMarks) *time.Time { return &m.BlockedAt }).Says("Of the last block or its lifting."),
	listing.Of(listing.Actor, "blockedBy", func(m *StopMarks) *string { return &m.BlockedBy }).For(listing.Deciders),
	listing.Of(listing.Text, "unblockedReason", func(m *StopMarks) *string { return &m.UnblockedReason }).Nullable(),
	listing.Of(listing.Moment, "disabledAt", func(m *StopMarks) *time.Time { return &m.DisabledAt }).Says("Of the last switch off or on."),
	listing.Of(listing.Actor, "disabledBy", func(m *StopMarks) *string { return &m.DisabledBy }).For(listing.Deciders),
	listing.Of(listing.Text, "disabledReason", func(m *StopMarks) *string { return &m.DisabledReason }).Nullable(),
	listing.Of(listing.Moment, "closedAt", func(m *StopMarks) *time.Time { return &m.ClosedAt }),
	listing.Of(listing.Actor, "closedBy", func(m *StopMarks) *string { return &m.ClosedBy }).For(listing.Deciders),
	listing.Of(listing.Text, "closedReason", func(m *StopMarks) *string { return &m.ClosedReason }).Nullable(),
}
