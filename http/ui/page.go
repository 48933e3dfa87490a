package ui

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/licenserequests"
)

// Page is what the frame shows around the content, and the content's own data.
type Page struct {
	Title string // in the reader's language
	Nav   string // key of the navigation item that is current
	Data  any

	// Set by render.
	Lang    words.Language
	Theme   string // "light", "dark" or "" for the system's
	Who     rights.Principal
	Account string // name of who is signed in
	Items   []navItem
	Flash   string // what just happened, in the reader's language
	Path    string // of the request, with its query, for links that return here
	Problem *problem.Details
	Bare    bool // without navigation: signing in, activation
}

// navItem is a line of the navigation.
type navItem struct {
	Key, Href, Icon string
	Count           int64 // what waits there; 0 shows nothing
}

// May says whether the reader has a right at all, for what a template shows.
func (p Page) May(right string) bool { return p.Who.May(rights.Right(right)) > rights.ScopeNone }

// Sees says whether a right of the reader reaches beyond the own account.
func (p Page) Sees(right string) bool { return p.Who.May(rights.Right(right)) > rights.ScopeSelf }

// Err answers what is wrong with a field of the form ("username"), or nothing.
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

// handle turns a page's handler into one of net/http: an error becomes a page of its own.
func (u *UI) handle(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		if errors.Is(err, commands.ErrNotSignedIn) {
			u.askToSignIn(w, r)
			return
		}
		details := problem.Report(r, err)
		if writeErr := u.render(w, r, details.Status, "problem", Page{Title: words.Text(words.Of(r.Context()), "problem.title"), Problem: &details}); writeErr != nil {
			problem.Write(w, r, writeErr)
		}
	}
}

// signedIn lets only known askers through, and sends who must choose a new password there.
func (u *UI) signedIn(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return u.handle(func(w http.ResponseWriter, r *http.Request) error {
		switch {
		case !session.SignedIn(r.Context()):
			return commands.ErrNotSignedIn
		case session.Who(r.Context()).PasswordChangeRequired && r.URL.Path != "/password" && r.URL.Path != "/logout":
			http.Redirect(w, r, "/password", http.StatusSeeOther)
			return nil
		}
		return h(w, r)
	})
}

func (u *UI) askToSignIn(w http.ResponseWriter, r *http.Request) {
	target := "/login"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		target += "?next=" + queryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// render writes a page: the template of that name within the frame.
func (u *UI) render(w http.ResponseWriter, r *http.Request, status int, name string, p Page) error {
	ctx := r.Context()
	p.Lang, p.Who, p.Path = words.Of(ctx), session.Who(ctx), r.URL.RequestURI()
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		p.Theme = c.Value
	}
	p.Flash = u.takeFlash(w, r, p.Lang)
	p.Account = p.Who.Name
	if !p.Bare {
		p.Items = u.navigation(r)
	}
	set, ok := u.templates[p.Lang][name]
	if !ok {
		return fmt.Errorf("there is no template %s", name)
	}
	var page bytes.Buffer // so that a fault in a template is an error, not half a page
	if err := set.ExecuteTemplate(&page, "layout", p); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(page.Bytes())
	return err
}

// navigation answers what the reader may see, with what waits.
func (u *UI) navigation(r *http.Request) []navItem {
	who := session.Who(r.Context())
	items := []navItem{{Key: "home", Href: "/", Icon: "home"}}
	add := func(right rights.Right, item navItem) {
		if who.May(right) > rights.ScopeSelf {
			items = append(items, item)
		}
	}
	add(rights.ReadAccounts, navItem{Key: "accounts", Href: "/accounts", Icon: "users"})
	if who.May(rights.ReadRequests) > rights.ScopeSelf {
		organization := who.Organization
		if who.May(rights.ReadRequests) == rights.ScopeAll {
			organization = ""
		}
		open, err := licenserequests.CountOpen(r.Context(), u.DB, organization)
		if err != nil {
			open = 0 // the list itself will say what is wrong
		}
		items = append(items, navItem{Key: "requests", Href: "/requests", Icon: "inbox", Count: open})
	}
	add(rights.ReadLicenses, navItem{Key: "licenses", Href: "/licenses", Icon: "key"})
	add(rights.ReadOrganizations, navItem{Key: "organizations", Href: "/organizations", Icon: "building"})
	add(rights.ReadLetters, navItem{Key: "letters", Href: "/letters", Icon: "file"})
	add(rights.ReadMessages, navItem{Key: "messages", Href: "/messages", Icon: "mail"})
	add(rights.ReadAudit, navItem{Key: "audit", Href: "/audit", Icon: "history"})
	add(rights.ReadProjections, navItem{Key: "manage", Href: "/manage", Icon: "settings"})
	return items
}

// run runs a command of the signed-in person with a body made from a form. Without an
// error the read models have caught up with it (or were given time to).
func (u *UI) run(r *http.Request, name string, body map[string]any) (commands.Outcome, error) {
	return u.runAs(r, name, body, session.Request(r, "ui"))
}

func (u *UI) runAs(r *http.Request, name string, body map[string]any, req commands.Request) (commands.Outcome, error) {
	raw, err := json.Marshal(body, json.Deterministic(true)) // the same form is the same request, see IdempotencyKey
	if err != nil {
		return commands.Outcome{}, fmt.Errorf("encode the body of %s: %w", name, err)
	}
	outcome, err := u.Offers.Run(r.Context(), name, raw, req)
	if err == nil && outcome.Position > 0 && !req.DryRun {
		u.wait(r.Context(), outcome.Position, u.Runner.Names()...)
	}
	return outcome, err
}

// preview answers what a command would bring, without doing it.
func (u *UI) preview(r *http.Request, name string, body map[string]any) (commands.Outcome, error) {
	req := session.Request(r, "ui")
	req.DryRun = true
	return u.runAs(r, name, body, req)
}

// refused answers the document of a refusal that belongs on the form it came from; ok is
// false for what does not (a fault, a missing right, something that is not there).
func refused(r *http.Request, err error) (problem.Details, bool) {
	details := problem.Of(r.Context(), err)
	switch details.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusTooManyRequests:
		return details, true
	}
	return details, false
}

// filled answers a form's values as a body, leaving out what is empty. Names are those of
// the command's members.
func filled(r *http.Request, names ...string) map[string]any {
	body := map[string]any{}
	for _, name := range names {
		if value := strings.TrimSpace(r.PostFormValue(name)); value != "" {
			body[name] = value
		}
	}
	return body
}

// ticked says whether a box of the form is ticked.
func ticked(r *http.Request, name string) bool { return r.PostFormValue(name) != "" }
