package answers

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery/listing"
)

// Param is a parameter of the query.
type Param struct {
	Name, Doc string
	Kind      Kind
	Enum      []string // for OneOf
	Max       int      // of a Number; of a Text its characters, 0 is maxText
	Required  bool
}

// The formats of a list.
const (
	InJSON  = "json"
	InCSV   = "csv"         // for programs
	InSheet = "spreadsheet" // for people
)

// Kind is what a parameter's value may be.
type Kind int

// The kinds of parameter.
const (
	Text     Kind = iota // characters, none of them control characters
	ID                   // a UUID
	Flag                 // true or false
	Number               // from 0 to Max
	Moment               // a time of RFC 3339, or a date: the beginning of that day in the organization's time zone
	End                  // a time of RFC 3339, or a date: the end of that day in the organization's time zone
	Position             // of the log
	OneOf
)

const (
	maxText   = 200
	maxCursor = 4000
)

// Args are a request's parameters, checked.
type Args map[string]string

// ParseArgs checks a query against what the operation takes. A name that it does not take
// is refused: a filter that is ignored would answer more than was asked for.
func ParseArgs(params []Param, rawQuery string) (Args, error) {
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	found := Args{}
	for name, values := range query {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == name })
		if i < 0 {
			return nil, problem.New(http.StatusBadRequest, "parameter-unknown")
		}
		value, ok := params[i].accept(values[0])
		if !ok || len(values) > 1 {
			return nil, BadParam(name)
		}
		found[name] = value
	}
	for _, p := range params {
		if p.Required && found[p.Name] == "" {
			return nil, BadParam(p.Name)
		}
	}
	return found, nil
}

func BadParam(name string) error {
	return problem.New(http.StatusBadRequest, "parameter-invalid", problem.Field{Pointer: "?" + name, Code: "parameter-invalid"})
}

// accept returns the value in its one spelling. Empty is as good as absent.
func (p Param) accept(value string) (string, bool) {
	if value == "" {
		return "", true
	}
	switch p.Kind {
	case ID:
		return schema.ParseID(value)
	case Flag:
		return value, value == "true" || value == "false"
	case Number:
		n, err := strconv.Atoi(value)
		return value, err == nil && n >= 0 && n <= p.Max
	case Moment, End:
		_, ok := listing.MomentOf(value, time.UTC)
		return value, ok
	case Position:
		_, err := eventstore.ParsePosition(value)
		return value, err == nil
	case OneOf:
		return value, slices.Contains(p.Enum, value)
	default:
		return value, utf8.ValidString(value) && utf8.RuneCountInString(value) <= p.Most() && !strings.ContainsFunc(value, unicode.IsControl)
	}
}

func (a Args) Number(name string, otherwise int) int {
	n, err := strconv.Atoi(a[name])
	if err != nil {
		return otherwise
	}
	return n
}

// Moment returns a parameter of that kind, whose dates are days in a time zone.
func (a Args) Moment(name string, zone *time.Location) time.Time {
	t, _ := listing.MomentOf(a[name], zone) // checked before; absent is the zero time
	return t
}

// End returns a parameter of that kind, whose dates are days in a time zone.
func (a Args) End(name string, zone *time.Location) time.Time {
	t, _ := listing.EndOf(a[name], zone) // likewise
	return t
}

func (a Args) Position(name string) eventstore.Position {
	at, _ := eventstore.ParsePosition(a[name]) // checked before; absent is the zero position
	return at
}

func (p Param) Most() int {
	if p.Max > 0 {
		return p.Max
	}
	return maxText
}

// without returns the parameters without some.
func (a Args) without(names ...string) Args {
	rest := maps.Clone(a)
	maps.DeleteFunc(rest, func(name, _ string) bool { return slices.Contains(names, name) })
	return rest
}

// Encode returns the parameters as the query of an address; empty ones are left out.
func (a Args) Encode() string {
	values := url.Values{}
	for name, value := range a {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

var ofOrganization = Param{Name: "organizationId", Kind: ID, Doc: "Of one organization."}

// listParams are what every list takes, with its own filters and orders.
func listParams(filters []Param, orders []listing.Sort) []Param {
	sorts := make([]string, 0, 2*len(orders))
	for _, s := range orders {
		sorts = append(sorts, s.Name, "-"+s.Name)
	}
	return append(slices.Clone(filters),
		Param{Name: "q", Doc: "Search. Each word is found anywhere, in any order, without accents; at most 12 words."},
		Param{Name: "sort", Kind: OneOf, Enum: sorts, Doc: "With - before it: descending."},
		Param{Name: "limit", Kind: Number, Max: listing.MaxLimit, Doc: "Rows of a page; 50 if absent."},
		Param{Name: "cursor", Max: maxCursor, Doc: "From next of the page before."},
		Param{Name: "format", Kind: OneOf, Enum: []string{InJSON, InCSV, InSheet}, Doc: `csv: the whole filtered list for programs, as RFC 4180 has it. ` +
			`spreadsheet: the same for people, as Excel and LibreOffice open it at a click (semicolons, a byte order mark, words and dates in the reader's language and in the time zone of the organization, names beside ids). ` +
			`In both a cell, or what follows a separator within one, that a spreadsheet could take for a formula has an apostrophe before it, which is to be taken away when it is read back.`})
}
