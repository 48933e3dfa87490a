package listing

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
)

// Model describes a read model that can be listed: its fields, and by what it is filtered,
// sorted and searched. Everything that shows the rows ranges over it.
type Model[Row any] struct {
	Table        string
	Columns      string // of the SELECT
	Owner        func(*Row) Owner
	Fields       []Field[Row] // in the order of the contract
	Filters      []Filter     // beside those of the fields
	Default      string       // the order of a question that names none
	Organization string       // the column of whose rows they are
	Account      string       // the column of whom they are about; empty if they are about no account
	Accounts     string       // likewise, where a row is about several accounts: the column of all of them
	Search       string       // the column that is searched; empty if there is none
	// SearchKept is what is searched of a row from whoever does not see all fields that are searched.
	SearchKept string
	// SearchIn searches where the rows have no text of their own; nil if they have.
	SearchIn func(ctx context.Context, db machinery.Reader, w *Where, words []string) error

	made *made[Row] // by Check
}

// made is what follows from the description of a model, made once rather than at each question.
type made[Row any] struct {
	filters []Filter     // of the model and its fields
	sorts   []Sort       // the default first
	listed  []Field[Row] // those of the list
}

// ready returns what Check made. It panics where Check was not called: a fault of the program.
func (m *Model[Row]) ready() *made[Row] {
	if m.made == nil {
		panic("listing: " + m.Table + " was not checked")
	}
	return m.made
}

func (m *Model[Row]) make() *made[Row] {
	all := &made[Row]{filters: slices.Clone(m.Filters), listed: m.Fields}
	for i, f := range m.Fields {
		all.filters = append(all.filters, f.Filters...)
		switch {
		case f.sort == "":
		case f.Name == m.Default:
			all.sorts = append([]Sort{f.order()}, all.sorts...)
		default:
			all.sorts = append(all.sorts, f.order())
		}
		if f.Detail && len(all.listed) == len(m.Fields) {
			all.listed = m.Fields[:i] // the fields of the detail come last
		}
	}
	return all
}

// Owner says which row it is and whose.
type Owner struct {
	ID, Organization, Account string
	Accounts                  []string // where it is about several
	Revision                  int64    // of its own stream: its ETag
}

// Question is what a model can be asked.
type Question struct {
	Query
	ID           string // of the one row; empty for all
	Organization string // of the rows; empty for all
	Account      string // whom the rows are about; empty for all
	Fits         Fits
	Now          time.Time          // the moment at which rules are looked at
	Zone         *time.Location     // in which the dates of filters are days
	Sights       map[Audience]Sight // of whoever asks; who does not say finds nothing by what is kept from some, and sees none of it
}

// Fits are values of filters by name. An empty one keeps all; a name that the model does not have is
// refused with ErrFilter.
type Fits map[string]string

// With returns the model with another field behind the one of that name.
func (m Model[Row]) With(behind string, field Field[Row]) Model[Row] {
	i := slices.IndexFunc(m.Fields, func(f Field[Row]) bool { return f.Name == behind })
	m.Fields = slices.Insert(slices.Clone(m.Fields), i+1, field)
	return m.Check()
}

// AllFilters returns the filters of the model, those of its fields included.
func (m *Model[Row]) AllFilters() []Filter { return m.ready().filters }

// Sorts returns the orders of the list, the default first.
func (m *Model[Row]) Sorts() []Sort { return m.ready().sorts }

// Abouts returns what is known of the fields of a list, or of a detail.
func (m *Model[Row]) Abouts(detail bool) []About {
	var abouts []About
	for _, f := range m.Fields {
		if detail || !f.Detail {
			abouts = append(abouts, f.About)
		}
	}
	return abouts
}

// Page returns a page of the rows that fit, without what is kept from whoever asks. Errors: ErrSort, ErrFilter, and those of the
// reader.
func (m *Model[Row]) Page(ctx context.Context, db machinery.Reader, q Question) (Page[Row], error) {
	w, err := m.where(ctx, db, q)
	if err != nil {
		return Page[Row]{}, err
	}
	page, err := Ask(ctx, db, m.list(q), w, q.Query, m.place)
	for i := range page.Items {
		m.redact(&page.Items[i], q.Sights)
	}
	return page, err
}

// All yields every row that fits, in the order of the question, without what is kept from whoever asks.
func (m *Model[Row]) All(ctx context.Context, db machinery.Reader, q Question) iter.Seq2[Row, error] {
	where := func(ctx context.Context) (*Where, error) { return m.where(ctx, db, q) }
	return func(yield func(Row, error) bool) {
		for row, err := range All(ctx, db, m.list(q), where, q.Query, m.place) {
			if err == nil {
				m.redact(&row, q.Sights)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Get returns the row with this id. Errors: machinery.ErrNoRow.
func (m *Model[Row]) Get(ctx context.Context, db machinery.Reader, id string) (Row, error) {
	return machinery.One[Row](ctx, db, "SELECT "+m.Columns+" FROM "+m.Table+" WHERE id = $1", id)
}

// Count returns how many rows fit.
func (m *Model[Row]) Count(ctx context.Context, db machinery.Reader, q Question) (int64, error) {
	w, err := m.where(ctx, db, q)
	if err != nil {
		return 0, err
	}
	n, _, err := m.list(q).count(ctx, db, w, q.Query)
	return n, err
}

func (m *Model[Row]) list(q Question) List {
	return List{Table: m.Table, Columns: m.Columns, Key: "id", Sorts: m.Sorts(), Search: m.Search, Within: q.Organization}
}

func (m *Model[Row]) place(row Row, column string) Place {
	for i := range m.Fields {
		if f := &m.Fields[i]; f.sort == column {
			return Place{Value: f.place(&row), Key: m.Owner(&row).ID}
		}
	}
	return Place{Key: m.Owner(&row).ID} // Ask sorts by no other column
}

func (m *Model[Row]) where(ctx context.Context, db machinery.Reader, q Question) (*Where, error) {
	w := &Where{db: db, now: q.Now, zone: q.Zone}
	w.Equal("id", q.ID)
	if q.Organization != "" {
		w.add(machinery.Within(m.Organization + " = " + w.Arg(q.Organization)))
	}
	switch {
	case q.Account == "":
	case m.Accounts != "":
		w.Raw(db.HasMember(m.Accounts, w.Arg(q.Account)))
	case m.Account == "":
		w.Raw("1 = 0") // who may see what is about one account sees nothing of what is about none
	default:
		w.Equal(m.Account, q.Account)
	}
	filters := m.AllFilters()
	for name := range q.Fits {
		if !slices.ContainsFunc(filters, func(f Filter) bool { return f.Name == name }) {
			return nil, fmt.Errorf("%w: %s by %s", ErrFilter, m.Table, name)
		}
	}
	for i := range m.Filters { // in their own order, so that one question has one SQL
		if value := q.Fits[m.Filters[i].Name]; value != "" {
			m.Filters[i].where(w, value)
		}
	}
	for i := range m.Fields {
		field := &m.Fields[i]
		for n := range field.Filters {
			if value := q.Fits[field.Filters[n].Name]; value != "" {
				m.ask(w, field, &field.Filters[n], value, &q)
			}
		}
	}
	words := typed.Words(q.Search)
	m.searchSeen(w, &q, words)
	if len(words) > 0 && m.SearchIn != nil {
		if err := m.SearchIn(ctx, db, w, words); err != nil {
			return nil, fmt.Errorf("search %s: %w", m.Table, err)
		}
	}
	return w, nil
}

// Condition is a condition of a list.
type Condition = machinery.Condition

// Now adds a condition, as of the moment of the question.
func (w *Where) Now(c Condition) {
	if strings.Contains(c.SQL, "?") {
		c = c.Worded(c.In(w.Arg(w.now)))
	}
	w.add(c)
}

// Facts returns the facts that the conditions of the list are made of, see machinery.Table.FoundBy.
func (m *Model[Row]) Facts() []machinery.Fact {
	var facts []machinery.Fact
	for _, filter := range m.AllFilters() {
		facts = append(facts, filter.facts...)
	}
	for i := range m.Fields {
		if kept := m.Fields[i].secret; kept != nil {
			facts = append(facts, kept.where.Facts()...)
		}
	}
	slices.SortFunc(facts, func(a, b machinery.Fact) int {
		return cmp.Or(strings.Compare(a.Column, b.Column), strings.Compare(a.Literal, b.Literal))
	})
	return slices.Compact(facts)
}

// Only narrows the question to the row with an id; an empty one changes nothing.
func (q Question) Only(id string) Question { q.ID = id; return q }
