package ui

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// listView is a list's page: what its address asks, with the names and values of the API,
// and what the frame of every list shows.
type listView struct {
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
	listing  listing.Query
	question answers.Question
	right    rights.Right
	scope    string // the organization in reach; empty for all
	account  string // the account in reach; empty for all
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
	head      struct{ Href, State string }
)

// ask reads the address. read checks the parameters as the API does; sort is the order
// where the address names none. Errors: a refusal of an organization out of reach and of
// parameters that the API does not take.
func (u *UI) ask(r *http.Request, v *listView, sort string, read func(rawQuery string) (map[string]string, error), fix func(url.Values)) error {
	who := session.Who(r.Context())
	if who.May(v.right) == rights.ScopeNone {
		return u.Reach.Denied(r, v.Path, engine.ErrDenied)
	}
	v.scope, v.account = frame.Within(who, v.right)
	v.Organizations = v.scope == ""
	asked := r.URL.Query()
	if id := asked.Get("organizationId"); v.scope != "" && id != "" && id != v.scope {
		return u.Reach.Denied(r, v.Path, organization.ErrNotFound)
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
	after, err := u.Cursors.Open(v.question, v.asked["cursor"])
	limit, _ := strconv.Atoi(v.asked["limit"]) // checked as the API does; absent is the usual
	v.listing = listing.Query{Search: v.asked["q"], Sort: v.sort, Limit: limit, After: after}
	return err
}

// ended notes what a page of rows says of the rest.
func (u *UI) ended(v *listView, total int64, next *listing.Place) error {
	cursor, err := u.Cursors.Seal(v.question, next)
	v.Total = total
	if cursor != "" {
		v.Next = v.with("cursor", cursor)
	}
	return err
}

// Search is what is searched for.
func (v *listView) Search() string { return v.shown["q"] }

// Later says whether this is not the first page.
func (v *listView) Later() bool { return v.asked["cursor"] != "" }

// First is the address of the first page.
func (v *listView) First() string { return v.with() }

// Filtered says whether anything is left out: then an empty list is no empty house.
func (v *listView) Filtered() bool {
	for name, value := range v.shown {
		if value != "" && name != "sort" && name != "limit" {
			return true
		}
	}
	return false
}

// CSV is the address of the whole filtered list.
func (v *listView) CSV() string {
	parameters := maps.Clone(v.asked)
	delete(parameters, "cursor")
	delete(parameters, "limit")
	parameters["format"] = "csv"
	return frame.Address(answers.Prefix+v.API, parameters)
}

// Kept are the parameters that the form of filters has no field for.
func (v *listView) Kept() map[string]string {
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
func (v *listView) Sorted(name string) head {
	switch v.sort {
	case name:
		return head{v.with("sort", "-"+name), "ascending"}
	case "-" + name:
		return head{v.with("sort", name), "descending"}
	}
	return head{v.with("sort", name), ""}
}

// with answers the list's address with parameters changed, by pairs; an empty value leaves
// one out.
func (v *listView) with(pairs ...string) string {
	parameters := maps.Clone(v.shown)
	for i := 0; i+1 < len(pairs); i += 2 {
		parameters[pairs[i]] = pairs[i+1]
	}
	return frame.Address(v.Path, parameters)
}

// choices adds a select: its first choice leaves the filter out.
func (v *listView) choices(name string, all ...frame.Option) {
	v.Selects = append(v.Selects, choose{name, v.shown[name], all})
}

// said are choices whose words are those of the values.
func said(l words.Language, values ...string) []frame.Option {
	all := make([]frame.Option, len(values))
	for i, value := range values {
		all[i] = frame.Option{Value: value, Label: words.Value(l, value)}
	}
	return all
}

// flags are the choices of a filter that is true or false, said in full.
func flags(l words.Language, name string) []frame.Option {
	return []frame.Option{{Value: "true", Label: words.Text(l, "list."+name+".true")}, {Value: "false", Label: words.Text(l, "list."+name+".false")}}
}

// chooseOrganization adds the select of organizations for who sees more than one.
func (u *UI) chooseOrganization(ctx context.Context, v *listView) error {
	if !v.Organizations {
		return nil
	}
	all, err := u.Names.Organizations(ctx)
	v.choices("organizationId", all...)
	return err
}

// about adds chips for filters that come by a link: of an account, of a license. Names out
// of reach are not told.
func (u *UI) about(ctx context.Context, v *listView) error {
	if id := v.shown["accountId"]; id != "" {
		row, err := accountlist.List(ctx, u.DB, accountlist.Filter{Organization: v.scope, Account: id}, listing.Query{Limit: 1})
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
		row, err := licenselist.List(ctx, u.DB, licenselist.Filter{Organization: v.scope, ID: id}, listing.Query{Limit: 1})
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

// tabs adds views of the list: each is a set of parameters, and how many rows it has. The
// current one is that whose parameters the address names.
func (v *listView) tabs(names []string, of map[string]map[string]string, count func(map[string]string) (int64, error)) error {
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

// madeID answers the id of what a command made: of its own aggregate, whose stream comes
// first.
func madeID(o engine.Outcome, prefix string) string {
	if len(o.Streams) == 0 {
		return ""
	}
	return strings.TrimPrefix(o.Streams[0].Stream, prefix)
}
