package lists

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// View is a list as its page shows it: what its address asks, with the names and values of
// the API, and what that brings.
type View struct {
	Site     frame.Site
	Asker    answers.Asker
	Request  *http.Request
	Who      rights.Principal
	Language words.Language
	Scope    string // the organization in reach; empty for all

	Path, Key, Says, Icon, Menu string
	Bare                        words.Key
	Tall                        bool
	Total                       int64
	More                        bool            // there are more than the total
	Next                        string          // address of the next page; empty at the end
	Downloads                   frame.Downloads // of the whole filtered list
	Filters                     []shownFilter
	Chips                       []chip
	Views                       shownViews
	Tabs                        []frame.List // of the lists beside it, and itself
	Selection                   *Selection
	Buttons                     []drawnButton // of the selection
	Add                         *Link
	Extra                       any
	Heads                       []head
	Lines                       []line

	rows      int
	fits      []Fits                   // of the views
	shown     map[string]string        // the address, without the place
	asked     answers.Args             // as the API takes it
	sort      string                   // in force
	choices   map[string]*frame.Choice // of the filters whose choices may be too many
	everyChip bool
}

// Asked returns what the address says of a parameter.
func (v *View) Asked(name string) string { return v.shown[name] }

// Choice returns the select of a filter whose choices may be too many, for the filter to fill.
func (v *View) Choice(name string) *frame.Choice {
	c := frame.ChoiceOf(v.Request, "filter-"+name, name)
	v.choices[name] = &c
	return &c
}

// Sees reports whether a right of the reader reaches beyond the own account.
func (v *View) Sees(right rights.Right) bool { return v.Who.May(right) > rights.ScopeSelf }

// Everywhere reports whether the reader sees more than one organization.
func (v *View) Everywhere() bool { return v.Scope == "" }

// Any reports whether the page has a row.
func (v *View) Any() bool { return v.rows > 0 }

// Search returns what is searched for.
func (v *View) Search() string { return v.shown["q"] }

// Later reports whether this is not the first page.
func (v *View) Later() bool { return v.asked["cursor"] != "" }

// First returns the address of the first page.
func (v *View) First() string { return v.with() }

// Filtered reports whether anything is left out: then an empty list is no empty house.
func (v *View) Filtered() bool {
	for name, value := range v.shown {
		if value != "" && name != "sort" && name != "limit" {
			return true
		}
	}
	return false
}

// Kept returns the parameters for which the form of filters has no field.
func (v *View) Kept() map[string]string {
	kept := map[string]string{}
	for name, value := range v.shown {
		field := name == "q" || slices.ContainsFunc(v.Filters, func(f shownFilter) bool { return f.Name == name })
		if value != "" && !field {
			kept[name] = value
		}
	}
	return kept
}

// with returns the list's address with parameters changed, by pairs; an empty value leaves
// one out.
func (v *View) with(pairs ...string) string {
	parameters := maps.Clone(v.shown)
	for i := 0; i+1 < len(pairs); i += 2 {
		parameters[pairs[i]] = pairs[i+1]
	}
	return frame.Address(v.Path, parameters)
}

// Ticks reports whether a row can be ticked.
func (v *View) Ticks() bool {
	return v.Selection != nil && v.Selection.Ticks && slices.ContainsFunc(v.Lines, func(l line) bool { return !l.Fixed })
}

// Fitting returns what the list asks for, without the place, as the API takes it.
func (v *View) Fitting() string {
	asked := url.Values{}
	for name, value := range v.asked {
		if name != "cursor" && name != "limit" && value != "" {
			asked.Set(name, value)
		}
	}
	return asked.Encode()
}

// Count returns how many rows fit, and that it is more where nobody counted on.
func (v *View) Count() string {
	if v.More {
		return fmt.Sprintf("%d+", v.Total)
	}
	return strconv.FormatInt(v.Total, 10)
}

// Further reports whether rows fit that are not on the page.
func (v *View) Further() bool { return v.More || v.Total > int64(v.rows) }

// Clears reports whether one click takes several chips away.
func (v *View) Clears() bool { return v.everyChip && len(v.Chips) > 1 }
