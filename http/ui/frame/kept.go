package frame

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame/keptforms"
	"sleutelbos/http/words"
)

// Sessions keeps a text beside the session of a request.
type Sessions interface {
	KeepForm(ctx context.Context, sealed string)
	KeptForm(ctx context.Context) string // empty if none is kept
}

// holderCookie holds the mark of the account that last used the browser. It outlives the session,
// so that a form is given back to nobody else.
const holderCookie = "holder"

// secretsOf returns the names of the members of all commands that are never shown.
func secretsOf(offers *engine.Commands) map[string]bool {
	secrets := map[string]bool{}
	for _, c := range offers.All() {
		for name, member := range c.Body.Properties {
			if member.WriteOnly {
				secrets[name] = true
			}
		}
	}
	return secrets
}

// SignIn is what the form to sign in holds.
type SignIn struct {
	Username, Next string
	Ended          bool   // the reader was signed in before
	Kept           string // the sealed form that was sent without a session
}

// AskToSignIn shows the form to sign in.
func (p *Pages) AskToSignIn(w http.ResponseWriter, r *http.Request, form SignIn, status int, wrong *problem.Details) error {
	return p.Render(w, r, "login", Page{Title: words.Text(words.Of(r.Context()), "login.title"), Bare: true, Data: form, Problem: wrong, Status: status})
}

// askToSignIn sends whoever is not signed in to the form. It keeps a form that was sent.
func (p *Pages) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	if here, err := url.Parse(r.Header.Get("HX-Current-URL")); err == nil && r.Header.Get("HX-Request") != "" {
		// A part of a page was asked for. The whole of it goes to the form, or the form would
		// stand within the page.
		w.Header().Set("HX-Redirect", "/login?next="+url.QueryEscape(Local(here.RequestURI())))
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	looked := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !looked {
		sealed, ok, err := p.sealForm(r)
		if err != nil {
			return err
		}
		if ok {
			return p.AskToSignIn(w, r, SignIn{Ended: true, Kept: sealed}, http.StatusUnauthorized, nil)
		}
	}
	target := "/login"
	if looked && r.URL.Path != "/" {
		target += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

// sealForm seals the form of a request for the account that last used the browser. It returns
// false where nobody did, and for a form that is too large.
func (p *Pages) sealForm(r *http.Request) (string, bool, error) {
	holder, err := r.Cookie(holderCookie)
	if err != nil || holder.Value == "" {
		return "", false, nil //nolint:nilerr // without the cookie nobody used the browser
	}
	if err := r.ParseForm(); err != nil {
		return "", false, BadForm(err)
	}
	return p.forms.Seal(keptforms.Form{Holder: holder.Value, Page: pageOf(r), Action: r.URL.Path, Values: r.PostForm})
}

// pageOf returns the address of the page that holds the form of a request: the one that the
// browser names, or the nearest one above where the form was sent.
func pageOf(r *http.Request) string {
	routes := chi.RouteContext(r.Context()).Routes
	isPage := func(path string) bool { return routes.Match(chi.NewRouteContext(), http.MethodGet, path) }
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && isPage(from.Path) {
		return Local(from.RequestURI())
	}
	at := r.URL.Path
	for at != "/" && !isPage(at) {
		at = path.Dir(at)
	}
	return at
}

// WasHere reports whether somebody signed in with the browser before.
func (p *Pages) WasHere(r *http.Request) bool {
	holder, err := r.Cookie(holderCookie)
	return err == nil && holder.Value != ""
}

// Resume takes up the form that waited for an account to sign in, and returns the page that holds
// it. It returns false if there is none, or if it is another account's.
func (p *Pages) Resume(ctx context.Context, sealed, accountID string) (string, bool) {
	form, ok := p.forms.Open(sealed)
	if !ok || form.Holder != p.forms.Mark(accountID) {
		return "", false
	}
	p.sessions.KeepForm(ctx, sealed)
	return form.Page, true
}

// Waiting returns the page that holds the form which waits for the asker, and false if none does.
func (p *Pages) Waiting(ctx context.Context) (string, bool) {
	form, ok := p.waiting(ctx)
	return form.Page, ok
}

func (p *Pages) waiting(ctx context.Context) (keptforms.Form, bool) {
	sealed := p.sessions.KeptForm(ctx)
	if sealed == "" {
		return keptforms.Form{}, false
	}
	return p.forms.Open(sealed)
}

// giveBack fills the form that waits for the asker into the page that holds it.
func (p *Pages) giveBack(r *http.Request, page Page, drawn []byte, notice func([]keptforms.Rest) ([]byte, error)) ([]byte, error) {
	if page.Bare || r.Method != http.MethodGet || !session.SignedIn(r.Context()) {
		return drawn, nil
	}
	form, ok := p.waiting(r.Context())
	if at, err := url.Parse(form.Page); !ok || err != nil || at.Path != r.URL.Path {
		return drawn, nil //nolint:nilerr // an address that can't be read is no page
	}
	p.sessions.KeepForm(r.Context(), "")
	return keptforms.Fill(drawn, form, func(left []keptforms.Rest) ([]byte, error) { return notice(typedByHand(words.Of(r.Context()), left)) })
}

// typedByHand returns what has a name for people, which the keys of a form have not.
func typedByHand(l words.Language, left []keptforms.Rest) []keptforms.Rest {
	var typed []keptforms.Rest
	for _, each := range left {
		if name, _, _ := strings.Cut(each.Name, "-"); words.HasField(l, name) { // the fields of a row have its id behind the name
			typed = append(typed, keptforms.Rest{Name: name, Value: each.Value})
		}
	}
	return typed
}

// markBrowser notes in the browser who uses it.
func (p *Pages) markBrowser(w http.ResponseWriter, r *http.Request) {
	if !session.SignedIn(r.Context()) {
		return
	}
	mark := p.forms.Mark(session.Who(r.Context()).AccountID)
	if kept, err := r.Cookie(holderCookie); err != nil || kept.Value != mark {
		p.Cookies.Set(w, holderCookie, mark, 0)
	}
}
