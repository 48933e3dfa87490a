package accounts

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
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

func (s listPages) accountsQuery(r *http.Request) (accountsQuery, error) {
	who := session.Who(r.Context())
	scope, account := frame.Within(who, rights.ReadAccounts)
	asked := r.URL.Query()
	if id := asked.Get("organizationId"); scope != "" && id != "" && id != scope {
		return accountsQuery{}, s.Reach.Denied(r, "ListAccounts", organization.ErrNotFound)
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
	if q.parameters, q.filter, err = answers.AccountQuestion(asked.Encode(), scope, account, s.Now()); err != nil {
		return accountsQuery{}, err
	}
	q.question = answers.Question{List: "/accounts", Who: who, Parameters: q.parameters}
	after, err := s.Cursors.Open(q.question, q.parameters["cursor"])
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

func (q accountsQuery) next(s listPages, place *listing.Place) (string, error) {
	cursor, err := s.Cursors.Seal(q.question, place)
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

// Sorted answers the head of a column that is sorted by a name of the API.
func (q accountsQuery) Sorted(name string) lists.Head {
	current := q.parameters["sort"]
	if current == "" {
		current = accountlist.Model.Sorts()[0].Name
	}
	switch current {
	case name:
		return lists.Head{Href: q.with("sort", "-"+name), State: "ascending"}
	case "-" + name:
		return lists.Head{Href: q.with("sort", name), State: "descending"}
	}
	return lists.Head{Href: q.with("sort", name), State: ""}
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
		label := words.Member("accounts.filter.*", name)
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
