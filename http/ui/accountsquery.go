package ui

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// accountsQuery is what the address of the list asks. It takes the parameters of the API,
// and show=all for closed accounts among the others, which are left out otherwise.
type accountsQuery struct {
	parameters map[string]string // as the API takes them
	shown      map[string]string // as the address has them
	filter     accountlist.Filter
	listing    listing.Query
	question   answers.Question
}

func (u *UI) accountsQuery(r *http.Request) (accountsQuery, error) {
	who := session.Who(r.Context())
	scope, account := frame.Within(who, rights.ReadAccounts)
	asked := r.URL.Query()
	if id := asked.Get("organizationId"); scope != "" && id != "" && id != scope {
		return accountsQuery{}, u.Reach.Denied(r, "ListAccounts", organization.ErrNotFound)
	}
	q := accountsQuery{shown: map[string]string{}}
	for name := range asked {
		q.shown[name] = asked.Get(name)
	}
	delete(q.shown, "cursor")
	if asked.Get("show") != "all" && asked.Get("closed") == "" && asked.Get("badge") != "closed" {
		asked.Set("closed", "false")
	}
	asked.Del("show")
	var err error
	if q.parameters, q.filter, err = answers.AccountQuestion(asked.Encode(), scope, account, u.Now()); err != nil {
		return accountsQuery{}, err
	}
	q.question = answers.Question{List: "/accounts", Who: who, Parameters: q.parameters}
	after, err := u.Cursors.Open(q.question, q.parameters["cursor"])
	limit, _ := strconv.Atoi(q.parameters["limit"]) // checked above; absent is the usual
	q.listing = listing.Query{Search: q.parameters["q"], Sort: q.parameters["sort"], Limit: limit, After: after}
	return q, err
}

// Parameter answers what the address says of a parameter.
func (q accountsQuery) Parameter(name string) string { return q.shown[name] }

// Hidden are the parameters of the form of filters that have no field of their own.
func (q accountsQuery) Hidden() map[string]string {
	hidden := map[string]string{}
	for name, value := range q.shown {
		if !slices.Contains([]string{"q", "role", "badge", "organizationId", "license", "activationChannel"}, name) {
			hidden[name] = value
		}
	}
	return hidden
}

// CSV is the address of the whole filtered list.
func (q accountsQuery) CSV() string {
	parameters := maps.Clone(q.parameters)
	delete(parameters, "cursor")
	parameters["format"] = "csv"
	return answers.Prefix + "/accounts?" + frame.Query(parameters)
}

// First is the address of the first page.
func (q accountsQuery) First() string { return q.with() }

// Later says whether this is not the first page.
func (q accountsQuery) Later() bool { return q.parameters["cursor"] != "" }

func (q accountsQuery) next(u *UI, place *listing.Place) (string, error) {
	cursor, err := u.Cursors.Seal(q.question, place)
	if err != nil || cursor == "" {
		return "", err
	}
	return q.with("cursor", cursor), nil
}

// with answers the address with parameters changed, by pairs; an empty value leaves one out.
func (q accountsQuery) with(pairs ...string) string {
	parameters := maps.Clone(q.shown)
	for i := 0; i+1 < len(pairs); i += 2 {
		parameters[pairs[i]] = pairs[i+1]
	}
	return frame.Address("/accounts", parameters)
}

// Sort is a column's head: where a click leads, and how the list is sorted by it now
// ("ascending", "descending" or "").
type sortLink struct{ Href, State string }

// Sorted answers the head of a column that is sorted by a name of the API.
func (q accountsQuery) Sorted(name string) sortLink {
	current := q.parameters["sort"]
	if current == "" {
		current = accountlist.Model.Sorts()[0].Name
	}
	switch current {
	case name:
		return sortLink{q.with("sort", "-"+name), "ascending"}
	case "-" + name:
		return sortLink{q.with("sort", name), "descending"}
	}
	return sortLink{q.with("sort", name), ""}
}

// chip is a filter that is on, with the address without it.
type chip struct{ Label, Without string }

// notFilters are parameters that keep nothing out.
var notFilters = []string{"q", "sort", "limit", "format", "cursor"}

func (q accountsQuery) chips(l words.Language, organizations, licenses []frame.Option) []chip {
	var chips []chip
	for _, name := range slices.Sorted(maps.Keys(q.shown)) {
		value := q.shown[name]
		if value == "" || slices.Contains(notFilters, name) {
			continue
		}
		label := "accounts.filter." + name
		if name == "show" { // it has only one value
			chips = append(chips, chip{words.Text(l, label), q.with(name, "")})
			continue
		}
		said := words.Value(l, value)
		switch name {
		case "organizationId":
			said = labelOf(organizations, value)
		case "license":
			said = labelOf(licenses, value)
		case "validUntilBefore", "createdAfter", "createdBefore":
			said = frame.DateText(l, value)
		}
		chips = append(chips, chip{words.Text(l, label, said), q.with(name, "")})
	}
	return chips
}

func labelOf(options []frame.Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// savedFilters answers the questions that are asked often, without their counts.
func (q accountsQuery) savedFilters(now time.Time) []savedFilter {
	saved := []savedFilter{q.saved("all", nil)}
	for _, badge := range []string{"active", "activation_not_sent", "activation_sent", "activation_expired", "blocked", "disabled", "expired"} {
		saved = append(saved, q.saved(badge, map[string]string{"badge": badge}))
	}
	return append(saved,
		q.saved("ends-soon", map[string]string{"validUntilBefore": frame.Soon(now).UTC().Format(time.DateOnly), "expired": "false"}),
		q.saved("service", map[string]string{"role": "service"}),
		q.saved("closed", map[string]string{"badge": "closed"}))
}

// saved answers a saved filter; it is the current one if the address asks just that,
// whatever the search and the order.
func (q accountsQuery) saved(key string, filter map[string]string) savedFilter {
	current := maps.Clone(q.shown)
	for _, name := range notFilters {
		delete(current, name)
	}
	return savedFilter{Key: key, Href: frame.Address("/accounts", filter), Current: frame.Query(current) == frame.Query(filter)}
}

// column is one that the list can show.
type column struct {
	Key   string
	Sort  string // name of the order by it; empty for none
	Shown bool
}

const columnsCookie = "account-columns"

// columnsOf answers the columns that the reader chose, or the usual ones.
func columnsOf(r *http.Request, who rights.Principal) []column {
	columns := []column{
		{"organization", "", true}, {"role", "", true}, {"status", "", true}, {"sent", "activationSentAt", true},
		{"activated", "activatedAt", true}, {"deadline", "", true}, {"until", "validUntil", true}, {"licenses", "", true},
		{"channel", "", false}, {"created", "createdAt", false}, {"changed", "changedAt", false},
	}
	if who.May(rights.ReadAccounts) != rights.ScopeAll {
		columns = columns[1:] // one organization needs no column
	}
	chosen, err := r.Cookie(columnsCookie)
	if err != nil {
		return columns
	}
	keys := strings.Split(chosen.Value, ".")
	for i := range columns {
		columns[i].Shown = slices.Contains(keys, columns[i].Key)
	}
	return columns
}

// chooseColumns keeps in the browser which columns to show.
func (u *UI) chooseColumns(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	var keys []string
	for _, c := range columnsOf(r, rights.System("columns")) {
		if slices.Contains(r.PostForm["column"], c.Key) {
			keys = append(keys, c.Key)
		}
	}
	u.Pages.Cookies.Set(w, columnsCookie, strings.Join(keys, "."), frame.KeptLong)
	http.Redirect(w, r, frame.Local(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}
