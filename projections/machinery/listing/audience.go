package listing

import (
	"context"
	"slices"
	"strings"

	"sleutelbos/projections/machinery"
)

// Audience is who may see a field: the name of the right that has to reach the row. The
// rights are said elsewhere; a test asks that there is one of each name.
type Audience string

// The audiences.
const (
	Everyone   Audience = ""             // everyone who may see the row
	Deciders   Audience = "ReadDecider"  // who may know who acted or decided
	Colleagues Audience = "ReadAccounts" // who may read the accounts of the organization
	Confidants Audience = "ReadShielded" // who may see the contact data of a shielded account
)

// Audiences returns those that keep a field from somebody.
func Audiences() []Audience { return []Audience{Deciders, Colleagues, Confidants} }

// secret is in which rows a field is kept from those outside its audience: the same condition
// in SQL and in Go.
type secret[Row any] struct {
	where Condition
	fits  func(*Row) bool
}

// For keeps the field from all others.
func (f Field[Row]) For(a Audience) Field[Row] {
	f = f.ForWhere(a, machinery.SQL("1 = 1"), func(*Row) bool { return true })
	f.InSome = false
	return f
}

// ForWhere keeps the field from all others in the rows that fit a condition, which is the
// same in SQL and in Go and does not ask for the present moment.
func (f Field[Row]) ForWhere(a Audience, where Condition, fits func(*Row) bool) Field[Row] {
	if f.hide == nil {
		panic("listing: " + f.Name + " is computed and can't be hidden; hide what it follows from")
	}
	f.Audience, f.InSome, f.secret = a, true, &secret[Row]{where, fits}
	return f
}

// Hide empties the fields of a row that are for an audience. Now is the row as it is at
// present, which decides what is kept: the row itself, unless that is an earlier state.
func (m *Model[Row]) Hide(row, now *Row, from Audience) {
	for i := range m.Fields {
		f := &m.Fields[i]
		if f.Audience == from && f.secret != nil && f.secret.fits(now) {
			f.hide(row)
		}
	}
}

// Sight is of which rows an asker sees the fields for an audience: of all, of those of an
// organization, or of those about an account. The zero Sight sees them in no row.
type Sight struct {
	All                   bool
	Organization, Account string
}

// Everything is the sight of the program itself, from which nothing is kept.
func Everything() map[Audience]Sight {
	all := map[Audience]Sight{}
	for _, a := range Audiences() {
		all[a] = Sight{All: true}
	}
	return all
}

// sees says of one row what unseen says of all.
func (s Sight) sees(own Owner) bool {
	return s.All || s.Organization != "" && s.Organization == own.Organization || s.Account != "" && s.Account == own.Account
}

// redact empties the fields of a row that are kept from whoever asks.
func (m *Model[Row]) redact(row *Row, sights map[Audience]Sight) {
	own := m.Owner(row)
	for _, audience := range Audiences() {
		if !sights[audience].sees(own) {
			m.Hide(row, row, audience)
		}
	}
}

// unseen returns the condition of the rows in which a field is kept from whoever asks, and false if there
// are none.
func (m *Model[Row]) unseen(w *Where, f *Field[Row], q *Question) (kept Condition, some bool) {
	sight := q.Sights[f.Audience]
	if f.secret == nil || sight.All || sight.Organization != "" && sight.Organization == q.Organization {
		return Condition{}, false
	}
	kept = f.secret.where
	if sight.Organization != "" {
		kept = machinery.And(kept, machinery.SQL(m.Organization+" <> "+w.Arg(sight.Organization)))
	}
	if sight.Account != "" && m.Account != "" {
		kept = machinery.And(kept, machinery.SQL(m.Account+" <> "+w.Arg(sight.Account)))
	}
	return kept, true
}

// ask adds a filter of a field. A row in which the field is kept from whoever asks is taken for
// one in which it is empty: else its value would be found by asking for one after the other.
func (m *Model[Row]) ask(w *Where, f *Field[Row], filter *Filter, value string, q *Question) {
	unseen, some := m.unseen(w, f, q)
	if !some {
		filter.where(w, value)
		return
	}
	seen := len(w.conditions)
	filter.where(w, value)
	fits := machinery.And(slices.Clone(w.conditions[seen:])...)
	w.conditions = w.conditions[:seen]
	if filter.Fits(nil) == value {
		w.add(machinery.Or(fits, unseen))
		return
	}
	w.add(machinery.And(fits, unseen.Not()))
}

// searchSeen lets a search find a row in which something that is searched is kept from whoever asks
// by nothing but what they see of it: SearchKept, or nothing at all.
func (m *Model[Row]) searchSeen(w *Where, q *Question, words []string) {
	if len(words) == 0 {
		return
	}
	for i := range m.Fields {
		f := &m.Fields[i]
		if !f.Searched {
			continue
		}
		unseen, some := m.unseen(w, f, q)
		if !some {
			continue
		}
		found := unseen.Not()
		if m.SearchKept != "" {
			var each []Condition
			for _, word := range words {
				each = append(each, machinery.SQL(Holds(m.SearchKept, w.Arg(word))))
			}
			found = machinery.Or(found, machinery.And(each...))
		}
		w.add(found)
	}
}

// Holds returns the predicate that an expression contains a text, in words that both engines know.
func Holds(expression, placeholder string) string {
	return "replace(" + expression + ", " + placeholder + ", '') <> " + expression
}

// Kept returns the ids of the rows in which fields are kept from those outside an audience that
// are shown in other rows. It looks at the rows that are named, or at all if none are.
func (m *Model[Row]) Kept(ctx context.Context, db machinery.Reader, from Audience, rows ...string) (map[string]bool, error) {
	type id struct {
		ID string `db:"id"`
	}
	var either []string
	for _, f := range m.Fields {
		if f.Audience == from && f.InSome && !slices.Contains(either, f.secret.where.SQL) {
			either = append(either, f.secret.where.SQL)
		}
	}
	kept := map[string]bool{}
	if len(either) == 0 {
		return kept, nil
	}
	where, args := "("+strings.Join(either, ") OR (")+")", []any(nil)
	if len(rows) > 0 {
		where, args = db.InList("id", "$1")+" AND ("+where+")", []any{rows}
	}
	found, err := machinery.Select[id](ctx, db, "SELECT id FROM "+m.Table+" WHERE "+where, args...)
	for _, row := range found {
		kept[row.ID] = true
	}
	return kept, err
}
