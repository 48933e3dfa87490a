package listing

import (
	"strconv"
	"time"

	"sleutelbos/projections/machinery"
)

// Kind is what the value of a field or a filter is.
type Kind int

// The kinds.
const (
	Text   Kind = iota
	ID          // a UUID
	Actor       // the id of the account that acted, or the name of the part of the program that did
	Flag        // true or false
	Number      // a whole one
	Moment      // a time
	Day         // a date
	Texts       // several texts
	IDs         // several UUIDs
	OneOf       // one of some values
)

// Group is where the detail of a thing shows a field; empty for a field that is not drawn,
// or only as the story of another.
type Group string

// About is what is known of a field without its row.
type About struct {
	Name     string // in the contract, and the key of its label
	Doc      string
	Kind     Kind
	Values   []string // of a OneOf
	Null     bool     // an empty value is null to clients
	Absent   bool     // an empty value is left out for clients
	Detail   bool     // it is in the detail of a row, not in the list and its CSV
	Audience Audience
	InSome   bool   // it is kept from those outside its audience in some rows only
	Member   string // of an event, in the stored manner, if it is called other than the field
	Searched bool   // a search looks at it; asked of fields that are kept from some only
	Group    Group
	Place    int      // within the group
	Story    []string // the fields that tell when, by whom and why
	// Bookkeeping says that the field changes with every event, so that a comparison leaves
	// it out.
	Bookkeeping bool
	// Offered says that the page of the list offers the field as a column that the reader can
	// choose, and its filters that are true or false beside the search.
	Offered bool
	Filters []Filter
	sort    string // the column of the order by this field; empty for none
}

// Sortable says whether a list can be sorted by the field.
func (a About) Sortable() bool { return a.sort != "" }

// Field is one fact of a row: what it is called, how it is read from the row, where it is
// shown, and to whom.
type Field[Row any] struct {
	About
	value func(*Row, time.Time) value
	hide  func(*Row) // nil for what is computed from other fields
	// secret is where the field is kept from those outside its audience; nil for a field for everyone.
	secret *secret[Row]
	place  func(*Row) string // its value in the order by it
	// number says that the order is one of whole numbers.
	number bool
}

// order returns the order by the field.
func (f Field[Row]) order() Sort { return Sort{Name: f.Name, Column: f.sort, Number: f.number} }

// Value returns the value of the field in a row at a time, nil where it is null or absent: a string,
// bool, int64, time.Time or []string.
func (f *Field[Row]) Value(row *Row, at time.Time) any { return f.shown(row, at).plain() }

// shown returns the value, or none where it is null or absent.
func (f *Field[Row]) shown(row *Row, at time.Time) value {
	v := f.value(row, at)
	if (f.Null || f.Absent) && v.empty() {
		return value{}
	}
	return v
}

// Of makes a field whose value is in the row. The pointer that it takes is also how the
// value is hidden from who may not see it.
func Of[Row, T any](kind Kind, name string, at func(*Row) *T) Field[Row] {
	return Field[Row]{
		About: About{Name: name, Kind: kind, Null: kind == Moment || kind == Day || kind == Actor},
		value: func(row *Row, _ time.Time) value { return read(at(row)) },
		hide:  func(row *Row) { var none T; *at(row) = none },
	}
}

// Computed makes a field whose value follows from others of the row, and from the time.
func Computed[Row, T any](kind Kind, name string, of func(*Row, time.Time) T) Field[Row] {
	return Field[Row]{About: About{Name: name, Kind: kind}, value: func(row *Row, at time.Time) value { return read(of(row, at)) }}
}

// Says adds what the documentation of the contract says of the field.
func (f Field[Row]) Says(doc string) Field[Row] { f.Doc = doc; return f }

// From names the values that the field can have.
func (f Field[Row]) From(values []string) Field[Row] { f.Values = values; return f }

// Nullable makes an empty text null.
func (f Field[Row]) Nullable() Field[Row] { f.Null = true; return f }

// Kept marks the field as bookkeeping.
func (f Field[Row]) Kept() Field[Row] { f.Bookkeeping = true; return f }

// Offer offers the field as a column, and its flags as filters.
func (f Field[Row]) Offer() Field[Row] { f.Offered = true; return f }

// InDetail keeps fields out of the list and its CSV.
func InDetail[Row any](fields ...Field[Row]) []Field[Row] {
	for i := range fields {
		fields[i].Detail = true
	}
	return fields
}

// Told names the member of an event that tells the field, where it is called otherwise.
func (f Field[Row]) Told(member string) Field[Row] { f.Member = member; return f }

// InSearch says that a search looks at the field.
func (f Field[Row]) InSearch() Field[Row] { f.Searched = true; return f }

// LeftOut leaves the field out where it is empty.
func (f Field[Row]) LeftOut() Field[Row] { f.Absent = true; return f }

// In shows the field in a group of the detail, at a place, with the fields that tell when,
// by whom and why.
func (f Field[Row]) In(group Group, place int, story ...string) Field[Row] {
	f.Group, f.Place, f.Story = group, place, story
	return f
}

// Sorted offers the order by the field, whose values are in this column.
func (f Field[Row]) Sorted(column string) Field[Row] {
	value := f.value
	f.number = f.Kind == Number
	return f.SortedBy(column, func(row *Row) string {
		switch v := value(row, time.Time{}); v.is {
		case isMoment:
			return machinery.TimeText(v.at)
		case isNumber:
			return strconv.FormatInt(v.number, 10)
		case isText:
			return v.text
		case isNone, isFlag, isTexts: // there is no order by these
		}
		panic("listing: the order by " + f.Name + " is neither one of texts nor of numbers nor of times")
	})
}

// SortedBy offers the order by the field, by a column or another expression whose value is a
// text of its own.
func (f Field[Row]) SortedBy(column string, value func(*Row) string) Field[Row] {
	f.sort, f.place = column, value
	return f
}

// Filtered adds filters by the field.
func (f Field[Row]) Filtered(filters ...Filter) Field[Row] {
	f.Filters = append(f.Filters, filters...)
	return f
}

// Lift makes the fields of a row from those of a part of it.
func Lift[Row, Part any](fields []Field[Part], part func(*Row) *Part) []Field[Row] {
	lifted := make([]Field[Row], len(fields))
	for i, f := range fields {
		lifted[i] = Field[Row]{About: f.About, number: f.number, value: func(row *Row, at time.Time) value { return f.value(part(row), at) }}
		if f.hide != nil {
			lifted[i].hide = func(row *Row) { f.hide(part(row)) }
		}
		if f.secret != nil {
			lifted[i].secret = &secret[Row]{f.secret.where, func(row *Row) bool { return f.secret.fits(part(row)) }}
		}
		if f.place != nil {
			lifted[i].place = func(row *Row) string { return f.place(part(row)) }
		}
	}
	return lifted
}
