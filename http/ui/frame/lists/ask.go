package lists

import (
	"cmp"
	"net/http"

	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// ask reads the address. Errors: a refusal of what is out of reach, and of parameters that
// the API does not take.
func (l List[Item, Row]) ask(s frame.Site, r *http.Request) (*View, error) {
	v := &View{
		Site: s, Request: r, Who: session.Who(r.Context()), Language: words.Of(r.Context()),
		Path: l.Path, Key: l.Key, Says: l.Says, Icon: l.Icon, Menu: l.Menu, Bare: l.Bare, Tall: l.Tall, everyChip: l.EveryChip, shown: map[string]string{}, choices: map[string]*frame.Choice{},
		Asker: s.Reach.Asker(r, l.Path),
	}
	asked := r.URL.Query()
	for name := range asked {
		v.shown[name] = asked.Get(name)
	}
	for _, f := range l.Filters { // a search for choices asks for other choices, and not for other rows
		delete(asked, frame.SearchOf(f.Name))
		delete(v.shown, frame.SearchOf(f.Name))
	}
	delete(v.shown, "cursor")
	delete(asked, "format") // a page is a page
	v.sort = cmp.Or(asked.Get("sort"), l.Order(asked))
	if l.Fix != nil {
		l.Fix(asked)
	}
	asked.Set("sort", v.sort)
	var err error
	if v.Scope, _, err = v.Asker.Within(l.Right, ""); err != nil {
		return nil, err
	}
	if v.asked, err = l.Thing.Ask(asked.Encode()); err != nil {
		return nil, err
	}
	v.Downloads, v.Tabs = frame.Downloads{Sheet: l.Thing.Download(v.asked, answers.InSheet), CSV: l.Thing.Download(v.asked, answers.InCSV)}, l.tabs(v)
	return v, nil
}
