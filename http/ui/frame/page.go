package frame

import (
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
	"time"
)

// Page is what the frame shows around the content, and the content's own data.
type Page struct {
	Title string // in the reader's language
	Nav   string // key of the navigation item that is current
	Data  any    // the page's view
	// Organization is whose days and hours the page tells: that of what the page is about. It is
	// empty for the reader's own.
	Organization string
	// Meanwhile is what others did while the reader filled in a form.
	Meanwhile []Meanwhile
	// Problem is what was wrong with the form that the page shows again.
	Problem *problem.Details
	// Status is the HTTP status. Zero is that of the problem, or 200 without one.
	Status int
	Bare   bool // without navigation: signing in, activation

	// Set by Render.
	Lang    words.Language
	Theme   string // "light", "dark" or "" for the system's
	Who     rights.Principal
	Account string // name of who is signed in
	Items   []navItem
	AsOf    time.Time // of what the page shows, while the event store is out of reach; else zero
	Flash   string    // what just happened, in the reader's language
	Path    string    // of the request, with its query, for links that return here
}

// May reports whether the reader has a right at all, for what a template shows.
func (p Page) May(right string) bool { return p.Who.May(rights.Right(right)) > rights.ScopeNone }

// Sees reports whether a right of the reader reaches beyond the own account.
func (p Page) Sees(right string) bool { return p.Who.May(rights.Right(right)) > rights.ScopeSelf }

// Err returns what is wrong with a field of the form ("username"), or nothing.
func (p Page) Err(field string) string {
	if p.Problem == nil {
		return ""
	}
	for _, f := range p.Problem.Errors {
		if f.Pointer == "/"+field {
			return f.Detail
		}
	}
	return ""
}
