package frame

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame/keptforms"
	"sleutelbos/http/words"
)

// Pages draws the pages of a section within the frame.
type Pages struct {
	Cookies    Cookies
	navigation navigation
	templates  *templates
	source     answers.Source
	away       func() (since time.Time, away bool)
	forms      keptforms.Forms
	sessions   Sessions
}

// Handler is a page's handler; an error becomes a page of its own.
type Handler func(http.ResponseWriter, *http.Request) error

// Handle turns a page's handler into one of net/http.
func (p *Pages) Handle(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		if errors.Is(err, engine.ErrNotSignedIn) {
			if err = p.askToSignIn(w, r); err == nil {
				return
			}
		}
		details := problem.Report(r, err)
		if writeErr := p.Render(w, r, "problem", Page{Title: words.Text(words.Of(r.Context()), "problem.title"), Problem: &details}); writeErr != nil {
			problem.Write(w, r, writeErr)
		}
	}
}

// SignedIn lets only known askers through, and sends who must choose a new password there.
func (p *Pages) SignedIn(h Handler) http.HandlerFunc {
	return p.Handle(func(w http.ResponseWriter, r *http.Request) error {
		switch {
		case !session.SignedIn(r.Context()):
			return engine.ErrNotSignedIn
		case session.Who(r.Context()).PasswordChangeRequired && r.URL.Path != "/password" && r.URL.Path != "/logout":
			http.Redirect(w, r, "/password", http.StatusSeeOther)
			return nil
		}
		return h(w, r)
	})
}

// Render writes a page: the template of that name within the frame.
func (p *Pages) Render(w http.ResponseWriter, r *http.Request, name string, page Page) error {
	ctx := r.Context()
	page.Lang, page.Who, page.Path = words.Of(ctx), session.Who(ctx), r.URL.RequestURI()
	page.Account = page.Who.Name
	page.Theme = themeOf(r)
	page.Flash = p.Cookies.takeFlash(w, r, page.Lang)
	page.AsOf, _ = p.away()
	p.markBrowser(w, r)
	if !page.Bare {
		page.Items = p.navigation.items(r)
	}
	if page.Problem != nil {
		page.Problem.ComeBack(w.Header())
		page.Status = cmp.Or(page.Status, page.Problem.Status)
	}
	page.Status = cmp.Or(page.Status, http.StatusOK)
	organization := cmp.Or(page.Organization, page.Who.Organization)
	drawn, err := p.draw(r, name, "layout", organization, page)
	if err != nil {
		return err
	}
	drawn, err = p.giveBack(r, page, drawn, func(left []keptforms.Rest) ([]byte, error) { return p.draw(r, name, "kept", organization, left) })
	if err != nil {
		return err
	}
	return write(w, page.Status, drawn)
}

// Fragment writes the content of a template without the frame, for a part of a page that
// is asked for by itself.
func (p *Pages) Fragment(w http.ResponseWriter, r *http.Request, name string, data any) error {
	drawn, err := p.draw(r, name, "content", session.Who(r.Context()).Organization, data)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, drawn)
}

// draw returns a part of a page that tells the days and hours of an organization.
func (p *Pages) draw(r *http.Request, name, part, organization string, data any) ([]byte, error) {
	set, err := p.templates.page(words.Of(r.Context()), p.Zone(r.Context(), organization), name)
	if err != nil {
		return nil, err
	}
	var drawn bytes.Buffer // so that a fault in a template is an error, not half a page
	if err := set.ExecuteTemplate(&drawn, part, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return drawn.Bytes(), nil
}

func write(w http.ResponseWriter, status int, drawn []byte) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(drawn) //nolint:gosec // templates escape what they are given
	return err
}

// Done sends the reader on after a command, with a line that says what happened: the key
// of a text, never a value.
func (p *Pages) Done(w http.ResponseWriter, r *http.Request, target string, text words.Key) error {
	p.Cookies.Set(w, flashCookie, string(text), 60)
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}
