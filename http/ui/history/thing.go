package history

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// thingPages show what happened to whatever has a page and is no account.
type thingPages struct {
	frame.Site
	reader lineReader
}

func (s thingPages) mount(r chi.Router) {
	for paged := range answers.AllPaged() {
		r.Get(paged.Place+"/{id}/history", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
			return s.showThing(w, r, paged)
		}))
	}
}

// thingPage is what happened to one thing, the newest first.
type thingPage struct {
	Name, Href string // of the thing
	Days       []timelineDay
	Total      int64
	Later      bool   // this is not the first page
	First      string // address of the first page
	Older      string // address of the next page; empty at the end
	Downloads  frame.Downloads
}

func (s thingPages) showThing(w http.ResponseWriter, r *http.Request, paged answers.Paged) error {
	id, ok := frame.PathID(r)
	if !ok {
		return problem.New(http.StatusNotFound, "not-found")
	}
	ctx := r.Context()
	filter, err := paged.Happened(ctx, s.Source, s.Reach.Asker(r, "GetHistory"), id)
	if err != nil {
		return err
	}
	names, err := paged.Names(ctx, s.Source, []string{id})
	if err != nil {
		return err
	}
	page := thingPage{Name: names[id], Href: paged.Place + "/" + id, Later: r.URL.Query().Has("cursor")}
	page.First = page.Href + "/history"
	page.Downloads = frame.DownloadsOf(page.First, url.Values{"sort": {"-position"}})
	question := answers.Question{List: page.First, Who: session.Who(ctx), Parameters: map[string]string{}}
	after, err := s.Source.Cursors.Open(question, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	found, err := audithistory.List(ctx, s.DB, filter, listing.Query{Sort: "-position", After: after})
	if err != nil {
		return err
	}
	lines, err := s.reader.lines(r, page.Href, found.Items)
	if err != nil {
		return err
	}
	next, err := s.Source.Cursors.Seal(question, found.Next)
	if err != nil {
		return err
	}
	organization := "" // the thing's
	if len(found.Items) > 0 {
		organization = found.Items[0].OrganizationID
	}
	if page.Days, page.Total = byDay(lines, s.Pages.Zone(ctx, organization)), found.Total; next != "" {
		page.Older = frame.Address(page.First, map[string]string{"cursor": next})
	}
	title := words.Text(words.Of(ctx), "history.title-of", page.Name)
	return s.Pages.Render(w, r, "thing", frame.Page{Title: title, Nav: strings.TrimPrefix(paged.Place, "/"), Organization: organization, Data: page})
}
