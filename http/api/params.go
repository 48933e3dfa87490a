package api

import (
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
)

// Param is a parameter of the query.
type Param struct {
	Name, Doc string
	Kind      Kind
	Enum      []string // for OneOf
	Max       int      // of a Number; of a Text its characters, 0 is maxText
	Required  bool
}

// Kind is what a parameter's value may be.
type Kind int

// The kinds of parameter.
const (
	Text     Kind = iota // characters, none of them control characters
	ID                   // a UUID
	Flag                 // true or false
	Number               // from 0 to Max
	Moment               // a time of RFC 3339, or a date: its first instant, UTC
	Position             // of the log
	OneOf
)

const (
	maxText   = 200
	maxCursor = 4000
)

// args are a request's parameters, checked.
type args map[string]string

// parseArgs checks a query against what the operation takes. A name that it does not take
// is refused: a filter that is ignored would answer more than was asked for.
func parseArgs(params []Param, rawQuery string) (args, error) {
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	found := args{}
	for name, values := range query {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == name })
		if i < 0 {
			return nil, problem.New(http.StatusBadRequest, "parameter-unknown")
		}
		value, ok := params[i].accept(values[0])
		if !ok || len(values) > 1 {
			return nil, badParam(name)
		}
		found[name] = value
	}
	for _, p := range params {
		if p.Required && found[p.Name] == "" {
			return nil, badParam(p.Name)
		}
	}
	return found, nil
}

func badParam(name string) error {
	return problem.New(http.StatusBadRequest, "parameter-invalid", problem.Field{Pointer: "?" + name, Code: "parameter-invalid"})
}

// accept answers the value in its one spelling. Empty is as good as absent.
func (p Param) accept(value string) (string, bool) {
	if value == "" {
		return "", true
	}
	switch p.Kind {
	case ID:
		return parseID(value)
	case Flag:
		return value, value == "true" || value == "false"
	case Number:
		n, err := strconv.Atoi(value)
		return value, err == nil && n >= 0 && n <= p.Max
	case Moment:
		_, ok := parseMoment(value)
		return value, ok
	case Position:
		n, err := strconv.ParseUint(value, 10, 64)
		return value, err == nil && eventstore.Position(n) <= eventstore.End
	case OneOf:
		return value, slices.Contains(p.Enum, value)
	default:
		return value, utf8.ValidString(value) && utf8.RuneCountInString(value) <= p.most() && !strings.ContainsFunc(value, unicode.IsControl)
	}
}

func parseMoment(value string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil && t.Year() > 0 && t.Year() < 10000 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func (a args) flag(name string) *bool {
	if a[name] == "" {
		return nil
	}
	yes := a[name] == "true"
	return &yes
}

func (a args) number(name string, otherwise int) int {
	n, err := strconv.Atoi(a[name])
	if err != nil {
		return otherwise
	}
	return n
}

func (a args) moment(name string) time.Time {
	t, _ := parseMoment(a[name]) // checked before; absent is the zero time
	return t
}

func (a args) position(name string) eventstore.Position {
	n, err := strconv.ParseUint(a[name], 10, 64)
	if err != nil {
		return 0
	}
	return eventstore.Position(n)
}

// schema answers the parameter's JSON Schema.
func (p Param) schema() *Schema {
	switch p.Kind {
	case ID:
		return &Schema{Type: "string", Format: "uuid"}
	case Flag:
		return &Schema{Type: "boolean"}
	case Number:
		zero := 0
		return &Schema{Type: "integer", Minimum: &zero, Maximum: &p.Max}
	case Moment:
		return &Schema{Type: "string", Format: "date-time"}
	case Position:
		return &Schema{Type: "string", Pattern: "^[0-9]+$"}
	case OneOf:
		return &Schema{Type: "string", Enum: p.Enum}
	default:
		return &Schema{Type: "string", MaxLength: p.most()}
	}
}

func (p Param) most() int {
	if p.Max > 0 {
		return p.Max
	}
	return maxText
}
