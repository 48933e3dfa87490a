package lists

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"sleutelbos/domain"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// Filter is a select among the filters. Its first choice leaves the filter out, with the
// text "list.any.<name>". A filter without choices is not shown.
type Filter struct {
	Name    string
	Flag    bool                        // true or false, with the texts "list.<name>.true" and "list.<name>.false"
	Of      string                      // the field whose name says all of it, instead of texts of its own; it stands among the rare filters
	either  func(words.Language) string // what leaves such a filter out
	Choices func(*View) ([]frame.Option, error)
}

// OneOf returns a filter whose choices have the words of their values.
func OneOf[E domain.Enumeration](name string, values []E) Filter {
	return Filter{Name: name, Choices: func(v *View) ([]frame.Option, error) {
		choices := make([]frame.Option, len(values))
		for i, value := range values {
			said, err := words.ValueOf(v.Language, value)
			if err != nil {
				return nil, err
			}
			choices[i] = frame.Option{Value: fmt.Sprint(value), Label: said}
		}
		return choices, nil
	}}
}

// Flag returns a filter that is true or false, said in full.
func Flag(name string) Filter {
	return Filter{Name: name, Flag: true, Choices: func(v *View) ([]frame.Option, error) {
		return []frame.Option{
			{Value: "true", Label: words.Text(v.Language, "list.*.true", name)}, {Value: "false", Label: words.Text(v.Language, "list.*.false", name)},
		}, nil
	}}
}

// YesNo returns a filter by a field that is true or false, said with its name.
func YesNo(name, field string) Filter {
	return named(name, field, "list.either", "list.yes", "list.no", words.Label)
}

// Has returns a filter by whether anything stands in a field, said with its name.
func Has(name, field string) Filter {
	return named(name, field, "list.with-or-lacking", "list.with", "list.lacking", words.Field)
}

func named(name, field string, either, yes, no words.Key, called func(words.Language, string) string) Filter {
	say := func(l words.Language, key words.Key) string { return words.Text(l, key, called(l, field)) }
	return Filter{
		Name: name, Of: field, either: func(l words.Language) string { return say(l, either) },
		Choices: func(v *View) ([]frame.Option, error) {
			return []frame.Option{{Value: "true", Label: say(v.Language, yes)}, {Value: "false", Label: say(v.Language, no)}}, nil
		},
	}
}

// Organizations returns the filter by organization, for who sees more than one.
func Organizations() Filter {
	return Filter{Name: "organizationId", Choices: func(v *View) ([]frame.Option, error) {
		if !v.Everywhere() {
			return nil, nil // there is nothing to choose
		}
		c := v.Choice("organizationId")
		err := v.Site.Names.Organizations(v.Request.Context(), c, v.Asked("organizationId"))
		return c.Options, err
	}}
}

// shownFilter is a filter as the page shows it.
type shownFilter struct {
	Filter
	Value, Any string // the choice now, and the one that leaves it out
	Choices    []frame.Option
	Search     *frame.Choice // nil for a filter that always has all its choices
}

// Rare reports whether the filter stands with those that are seldom used, behind a button.
func (f shownFilter) Rare() bool { return f.Of != "" }

// Frequent returns the filters beside the search.
func (v *View) Frequent() []shownFilter {
	return slices.DeleteFunc(slices.Clone(v.Filters), shownFilter.Rare)
}

// Rare returns the filters behind a button.
func (v *View) Rare() []shownFilter {
	return slices.DeleteFunc(slices.Clone(v.Filters), func(f shownFilter) bool { return !f.Rare() })
}

func (l List[Item, Row]) selects(v *View) ([]shownFilter, error) {
	var shown []shownFilter
	for _, f := range l.Filters {
		choices, err := f.Choices(v)
		if err != nil {
			return nil, err
		}
		if len(choices) > 0 || v.choices[f.Name] != nil && v.choices[f.Name].Searches {
			shown = append(shown, shownFilter{f, v.shown[f.Name], f.any(v.Language), choices, v.choices[f.Name]})
		}
	}
	return shown, nil
}

func (f Filter) any(l words.Language) string {
	if f.Of != "" {
		return f.either(l)
	}
	return words.Text(l, "list.any.*", f.Name)
}

// chip is a filter that is on, with the address without it.
type chip struct{ Label, Without string }

// notFilters are parameters that keep nothing out.
var notFilters = []string{"q", "sort", "limit", "format", "cursor"}

// chips returns the filters that are on and have no field of their own; all of them if the
// list says so.
func (l List[Item, Row]) chips(v *View) ([]chip, error) {
	var chips []chip
	for _, name := range slices.Sorted(maps.Keys(v.shown)) {
		if v.shown[name] == "" || slices.Contains(notFilters, name) || !l.EveryChip && !slices.Contains(l.Links, name) {
			continue
		}
		said, err := l.said(v, name, v.shown[name])
		if err != nil {
			return nil, err
		}
		chips = append(chips, chip{said, v.with(name, "")})
	}
	return chips, nil
}

// said says a filter and its value.
func (l List[Item, Row]) said(v *View, name, value string) (string, error) {
	kind, asked := kindOf(l.Thing.Parameters(), name)
	if !asked { // the page's own, which has one value only: its text says it all
		return words.Text(v.Language, "*.of.*", l.Says, name), nil
	}
	for _, f := range v.Filters {
		for _, choice := range f.Choices {
			switch {
			case f.Name != name || choice.Value != value:
			case f.Of != "":
				return choice.Label, nil
			default:
				return words.Text(v.Language, "*.of.*", l.Says, name, choice.Label), nil
			}
		}
	}
	var said string
	var err error
	switch {
	case kind == answers.Moment:
		said = words.Day(v.Language, value)
	case kind == answers.Flag:
		said = words.Value(v.Language, words.YesNo, value)
	case name == "accountId":
		said, err = v.account(v.Request.Context(), value)
	case name == "licenseId":
		said, err = v.license(v.Request.Context(), value)
	default:
		said = words.FactValue(v.Language, name, value)
	}
	return words.Text(v.Language, "*.of.*", l.Says, name, said), err
}

// kindOf returns the kind of a parameter; false for one that the list does not take.
func kindOf(all []answers.Param, name string) (answers.Kind, bool) {
	i := slices.IndexFunc(all, func(p answers.Param) bool { return p.Name == name })
	if i < 0 {
		var none answers.Kind
		return none, false
	}
	return all[i].Kind, true
}

// account returns the name of an account; its id if it is out of reach.
func (v *View) account(ctx context.Context, id string) (string, error) {
	found, err := answers.Accounts.Find(ctx, v.Site.Source, v.Asker, listing.Question{Organization: v.Scope, ID: id, Query: listing.Query{Limit: 1}})
	if err != nil || len(found.Items) == 0 {
		return id, err
	}
	return found.Items[0].Name, nil
}

// license returns the name of a license; its id if it is out of reach.
func (v *View) license(ctx context.Context, id string) (string, error) {
	found, err := answers.Licenses.Find(ctx, v.Site.Source, v.Asker, listing.Question{Organization: v.Scope, ID: id, Query: listing.Query{Limit: 1}})
	if err != nil || len(found.Items) == 0 {
		return id, err
	}
	return found.Items[0].Name, nil
}
