package lists

import (
	"cmp"
	"maps"
	"net/http"
	"strconv"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// ask reads the address. Errors: a refusal of an organization out of reach, and of
// parameters that the API does not take.
func (l List[Item, Row]) ask(s frame.Site, r *http.Request) (*View, error) {
	who := session.Who(r.Context())
	if who.May(l.Right) == rights.ScopeNone {
		return nil, s.Reach.Denied(r, l.Path, engine.ErrDenied)
	}
	v := &View{
		Site: s, Request: r, Who: who, Language: words.Of(r.Context()),
		Path: l.Path, Key: l.Key, Says: l.Says, Icon: l.Icon, Menu: l.Menu, Bare: l.Bare, Tall: l.Tall, everyChip: l.EveryChip, shown: map[string]string{},
	}
	v.Scope, v.Account = frame.Within(who, l.Right)
	asked := r.URL.Query()
	if id := asked.Get("organizationId"); v.Scope != "" && id != "" && id != v.Scope {
		return nil, s.Reach.Denied(r, l.Path, organization.ErrNotFound)
	}
	for name := range asked {
		v.shown[name] = asked.Get(name)
	}
	delete(v.shown, "cursor")
	delete(asked, "format") // a page is a page
	v.sort = cmp.Or(asked.Get("sort"), l.Order(asked))
	if l.Fix != nil {
		l.Fix(asked)
	}
	asked.Set("sort", v.sort)
	args, err := answers.ParseArgs(answers.ListParams(l.Params, l.Model.Sorts()), asked.Encode())
	if err != nil {
		return nil, err
	}
	v.asked = args
	v.place = answers.Question{List: l.Path, Who: who, Parameters: args}
	v.question = l.questionOf(v, args)
	v.question.Search, v.question.Sort = args["q"], v.sort
	v.question.Limit, _ = strconv.Atoi(args["limit"]) // checked before; absent is the usual
	v.question.After, err = s.Cursors.Open(v.place, args["cursor"])
	v.CSV = l.csv(args)
	return v, err
}

// questionOf returns what the read model is asked: the rows within reach that fit.
func (l List[Item, Row]) questionOf(v *View, args map[string]string) listing.Question {
	q := listing.Question{Organization: cmp.Or(v.Scope, args["organizationId"]), Account: v.Account, Fits: map[string]string{}, Now: v.Site.Now()}
	for _, f := range l.Model.AllFilters() {
		if f.Name != "accountId" || q.Account == "" { // who sees but one account asks for no other
			q.Fits[f.Name] = args[f.Name]
		}
	}
	return q
}

func (l List[Item, Row]) csv(args map[string]string) string {
	parameters := maps.Clone(args)
	delete(parameters, "cursor")
	delete(parameters, "limit")
	parameters["format"] = "csv"
	return frame.Address(answers.Prefix+l.API, parameters)
}

// ended notes what a page of rows says of the rest.
func (l List[Item, Row]) ended(v *View, total int64, next *listing.Place) error {
	cursor, err := v.Site.Cursors.Seal(v.place, next)
	v.Total = total
	if cursor != "" {
		v.Next = v.with("cursor", cursor)
	}
	return err
}
