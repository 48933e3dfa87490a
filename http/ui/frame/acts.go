package frame

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// Acts are the forms on the page of a thing, each of which runs a command on it.
type Acts struct {
	Site    Site
	Base    string // of the list; the page is at <Base>/<id>
	Missing error  // what is said of a path that names nothing
	Shows   Shows
	// Page draws the thing as it is now, with what was refused.
	Page func(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error
}

// Mount adds a form to a router, at a path below that of the page.
func (a Acts) Mount(r chi.Router, path string, done words.Key, body func(r *http.Request, id string) any) {
	r.Post(a.Base+"/{id}"+path, a.Site.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
		return a.Run(w, r, done, func(id string) any { return body(r, id) })
	}))
}

// Run runs a command on the thing in the path, and leads to its page, or where the form says.
func (a Acts) Run(w http.ResponseWriter, r *http.Request, done words.Key, body func(id string) any) error {
	id, ok := PathID(r)
	if !ok {
		return a.Missing
	}
	if err := r.ParseForm(); err != nil {
		return BadForm(err)
	}
	_, err := a.Site.Commands.Run(r, body(id), a.Shows)
	return a.After(w, r, id, done, err)
}

// After ends a form: with what was done, or with the thing as it is now and what was refused.
func (a Acts) After(w http.ResponseWriter, r *http.Request, id string, done words.Key, err error) error {
	if err == nil {
		return a.Site.Pages.Done(w, r, Next(r, a.Base+"/"+id), done)
	}
	return Again(r, err, func(wrong *problem.Details) error { return a.Page(w, r, wrong) })
}
