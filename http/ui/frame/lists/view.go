// Package lists is what every list of the UI shows: filters, views, chips, columns that
// sort, pages, and the same rows as CSV.
package lists

import (
	"context"
	"embed"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
)

// Templates are the parts that lists are drawn with.
//
//go:embed all:templates
var Templates embed.FS

// View is a list's page: what its address asks, with the names and values of the API,
// and what the frame of every list shows.
type View struct {
	Path  string // of the page
	API   string // of the list in the API
	Key   string // of its texts: "<key>.title" and so on
	Total int64
	Next  string // address of the next page; empty at the end

	Tabs          []tab
	Selects       []choose
	Chips         []removable
	Organizations bool // more than one is in reach
	Selecting     bool // rows can be ticked

	shown    map[string]string // the address, without the place
	asked    map[string]string // as the API takes it
	sort     string            // in force
	Listing  listing.Query
	question answers.Question
	Right    rights.Right
	Scope    string // the organization in reach; empty for all
	Account  string // the account in reach; empty for all
}

type (
	tab struct {
		Key, Href string
		Count     int64
		Current   bool
	}
	choose struct {
		Name, Value string
		Choices     []frame.Option
	}
	removable struct{ Name, Label, Without string }
	Head      struct{ Href, State string }
)

// Ask reads the address. read checks the parameters as the API does; sort is the order
// where the address names none. Errors: a refusal of an organization out of reach and of
// parameters that the API does not take.
func Ask(s frame.Site, r *http.Request, v *View, sort string, read func(rawQuery string) (map[string]string, error), fix func(url.Values)) error {
	who := session.Who(r.Context())
	if who.May(v.Right) == rights.ScopeNone {
		return s.Reach.Denied(r, v.Path, engine.ErrDenied)
	}
	v.Scope, v.Account = frame.Within(who, v.Right)
	v.Organizations = v.Scope == ""
	asked := r.URL.Query()
	if id := asked.Get("organizationId"); v.Scope != "" && id != "" && id != v.Scope {
		return s.Reach.Denied(r, v.Path, organization.ErrNotFound)
	}
	v.shown = map[string]string{}
	for name := range asked {
		v.shown[name] = asked.Get(name)
	}
	delete(v.shown, "cursor")
	delete(asked, "format") // a page is a page
	if fix != nil {
		fix(asked)
	}
	v.sort = sort
	if asked.Get("sort") != "" {
		v.sort = asked.Get("sort")
	}
	asked.Set("sort", v.sort)
	var err error
	if v.asked, err = read(asked.Encode()); err != nil {
		return err
	}
	v.question = answers.Question{List: v.Path, Who: who, Parameters: v.asked}
	after, err := s.Cursors.Open(v.question, v.asked["cursor"])
	limit, _ := strconv.Atoi(v.asked["limit"]) // checked as the API does; absent is the usual
	v.Listing = listing.Query{Search: v.asked["q"], Sort: v.sort, Limit: limit, After: after}
	return err
}

// Ended notes what a page of rows says of the rest.
func Ended(s frame.Site, v *View, total int64, next *listing.Place) error {
	cursor, err := s.Cursors.Seal(v.question, next)
	v.Total = total
	if cursor != "" {
		v.Next = v.with("cursor", cursor)
	}
	return err
}

// Search is what is searched for.
func (v *View) Search() string { return v.shown["q"] }

// Later says whether this is not the first page.
func (v *View) Later() bool { return v.asked["cursor"] != "" }

// First is the address of the first page.
func (v *View) First() string { return v.with() }

// Filtered says whether anything is left out: then an empty list is no empty house.
func (v *View) Filtered() bool {
	for name, value := range v.shown {
		if value != "" && name != "sort" && name != "limit" {
			return true
		}
	}
	return false
}

// CSV is the address of the whole filtered list.
func (v *View) CSV() string {
	parameters := maps.Clone(v.asked)
	delete(parameters, "cursor")
	delete(parameters, "limit")
	parameters["format"] = "csv"
	return frame.Address(answers.Prefix+v.API, parameters)
}

// Kept are the parameters that the form of filters has no field for.
func (v *View) Kept() map[string]string {
	kept := map[string]string{}
	for name, value := range v.shown {
		field := name == "q" || slices.ContainsFunc(v.Selects, func(c choose) bool { return c.Name == name })
		if value != "" && !field {
			kept[name] = value
		}
	}
	return kept
}

// Sorted answers the head of a column that the API sorts by this name.
func (v *View) Sorted(name string) Head {
	switch v.sort {
	case name:
		return Head{v.with("sort", "-"+name), "ascending"}
	case "-" + name:
		return Head{v.with("sort", name), "descending"}
	}
	return Head{v.with("sort", name), ""}
}

// with answers the list's address with parameters changed, by pairs; an empty value leaves
// one out.
func (v *View) with(pairs ...string) string {
	parameters := maps.Clone(v.shown)
	for i := 0; i+1 < len(pairs); i += 2 {
		parameters[pairs[i]] = pairs[i+1]
	}
	return frame.Address(v.Path, parameters)
}

// Choose adds a select: its first choice leaves the filter out.
func (v *View) Choose(name string, all ...frame.Option) {
	v.Selects = append(v.Selects, choose{name, v.shown[name], all})
}

// Said returns choices whose words are those of the values.
func Said(l words.Language, values ...string) []frame.Option {
	all := make([]frame.Option, len(values))
	for i, value := range values {
		all[i] = frame.Option{Value: value, Label: words.Value(l, value)}
	}
	return all
}

// Flags returns the choices of a filter that is true or false, said in full.
func Flags(l words.Language, name string) []frame.Option {
	return []frame.Option{{Value: "true", Label: words.Text(l, "list.*.true", name)}, {Value: "false", Label: words.Text(l, "list.*.false", name)}}
}

// ChooseOrganization adds the select of organizations for who sees more than one.
func ChooseOrganization(ctx context.Context, s frame.Site, v *View) error {
	if !v.Organizations {
		return nil
	}
	all, err := s.Names.Organizations(ctx)
	v.Choose("organizationId", all...)
	return err
}

// About adds chips for filters that come by a link: of an account, of a license. Names out
// of reach are not told.
func About(ctx context.Context, s frame.Site, v *View) error {
	if id := v.shown["accountId"]; id != "" {
		row, err := accountlist.List(ctx, s.DB, accountlist.Filter{Organization: v.Scope, Account: id}, listing.Query{Limit: 1})
		if err != nil {
			return err
		}
		name := id
		if len(row.Items) == 1 {
			name = row.Items[0].Name
		}
		v.Chips = append(v.Chips, removable{"accountId", name, v.with("accountId", "")})
	}
	if id := v.shown["licenseId"]; id != "" {
		row, err := licenselist.List(ctx, s.DB, licenselist.Filter{Organization: v.Scope, ID: id}, listing.Query{Limit: 1})
		if err != nil {
			return err
		}
		name := id
		if len(row.Items) == 1 {
			name = row.Items[0].Name
		}
		v.Chips = append(v.Chips, removable{"licenseId", name, v.with("licenseId", "")})
	}
	return nil
}

// ShowTabs adds views of the list: each is a set of parameters, and how many rows it has. The
// current one is that whose parameters the address names.
func (v *View) ShowTabs(names []string, of map[string]map[string]string, count func(map[string]string) (int64, error)) error {
	var own []string // the parameters by which tabs differ
	for _, parameters := range of {
		own = append(own, slices.Collect(maps.Keys(parameters))...)
	}
	for _, name := range names {
		pairs := []string{}
		current := true
		for _, parameter := range own {
			pairs = append(pairs, parameter, of[name][parameter])
			current = current && v.shown[parameter] == of[name][parameter]
		}
		n, err := count(of[name])
		if err != nil {
			return err
		}
		v.Tabs = append(v.Tabs, tab{name, v.with(pairs...), n, current})
	}
	return nil
}
