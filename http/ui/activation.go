package ui

import (
	"net/http"
	"net/netip"
	"net/url"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// mountActivation adds the pages for who has a link and no password yet.
func (u *UI) mountActivation(r chi.Router) {
	open := func(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return u.Pages.Handle(func(w http.ResponseWriter, r *http.Request) error {
			u.keepAddress(w)
			return h(w, r)
		})
	}
	r.Get(commands.ActivationPath+"{token}", open(u.showActivation))
	r.Method(http.MethodPost, commands.ActivationPath+"{token}", u.LimitOpen(open(u.activate)))
	r.Method(http.MethodPost, commands.ActivationPath+"{token}/again", u.LimitOpen(open(u.askActivation)))
	r.Get("/activation-requested", u.Pages.Handle(u.showActivationAsked))
	r.Get("/setup/{token}", open(u.showSetup))
	r.Method(http.MethodPost, "/setup/{token}", u.LimitOpen(open(u.setup)))
}

// keepAddress keeps the address of a page, which holds a token, to the page itself. A
// browser that does so calls its own origin "null" in forms, and tells by other means that
// they are ours only where the connection is to be trusted; elsewhere the server's usual
// policy, which tells no other site either, has to do.
func (u *UI) keepAddress(w http.ResponseWriter) {
	if trustworthy(u.C.PublicURL) {
		w.Header().Set("Referrer-Policy", "no-referrer")
	}
}

func trustworthy(address *url.URL) bool {
	ip, err := netip.ParseAddr(address.Hostname())
	return address.Scheme == "https" || address.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// shownRules are those of a password, to be read before they are broken. Zero ones are not shown.
type shownRules struct {
	For   string // id of the field
	Rules commands.PasswordRules
}

type activationPage struct {
	commands.ActivationPage
	Token string
	Code  string // as typed
	Rules shownRules
}

func (u *UI) showActivation(w http.ResponseWriter, r *http.Request) error {
	return u.activationPage(w, r, activationPage{}, nil)
}

// activationPage shows what became of a link, and the form while it has force.
func (u *UI) activationPage(w http.ResponseWriter, r *http.Request, p activationPage, wrong *problem.Details) error {
	var err error
	p.Token = chi.URLParam(r, "token")
	if p.ActivationPage, err = u.C.Service.OpenActivation(r.Context(), p.Token); err != nil {
		return err
	}
	p.Rules = shownRules{"field-password", p.Password}
	status := 0 // that of what was wrong with the form
	switch {
	case p.State == commands.LinkUnknown:
		status, wrong = http.StatusNotFound, nil
	case p.State != commands.LinkValid:
		status, wrong = http.StatusGone, nil // the page says why; the form is not there any more
	}
	return u.Pages.Render(w, r, "activation", frame.Page{Status: status, Title: words.Text(words.Of(r.Context()), "activation.title"), Bare: true, Data: p, Problem: wrong})
}

func (u *UI) activate(w http.ResponseWriter, r *http.Request) error {
	body := frame.Filled(r, "code")
	body["token"], body["password"] = chi.URLParam(r, "token"), r.PostFormValue("password")
	_, err := u.Commands.RunAs(r, "ActivateAccount", body, stranger(r))
	if err == nil {
		return u.Pages.Done(w, r, "/login", "done.activated")
	}
	details := problem.Of(r.Context(), err)
	if details.Status >= http.StatusInternalServerError {
		return err
	}
	return u.activationPage(w, r, activationPage{Code: r.PostFormValue("code")}, &details)
}

// askActivation asks for a new link. What it leads to says nothing of the old one.
func (u *UI) askActivation(w http.ResponseWriter, r *http.Request) error {
	body := map[string]any{"token": chi.URLParam(r, "token")}
	if _, err := u.Commands.RunAs(r, "RequestNewActivation", body, stranger(r)); err != nil {
		if details := problem.Of(r.Context(), err); details.Status >= http.StatusInternalServerError {
			return err
		}
	}
	http.Redirect(w, r, "/activation-requested", http.StatusSeeOther)
	return nil
}

func (u *UI) showActivationAsked(w http.ResponseWriter, r *http.Request) error {
	return u.Pages.Render(w, r, "activationasked", frame.Page{Title: words.Text(words.Of(r.Context()), "activation.asked"), Bare: true})
}

// stranger begins a command of whoever holds a link, whoever else is signed in here.
func stranger(r *http.Request) engine.Request {
	req := session.Request(r, "ui")
	req.Actor = rights.Stranger
	return req
}

type setupPage struct {
	Token, Username, Name string
	Rules                 shownRules
}

func (u *UI) showSetup(w http.ResponseWriter, r *http.Request) error {
	return u.setupPage(w, r, setupPage{}, nil)
}

func (u *UI) setupPage(w http.ResponseWriter, r *http.Request, p setupPage, wrong *problem.Details) error {
	p.Token = chi.URLParam(r, "token")
	demands, err := u.C.Service.OpenSetup(r.Context(), p.Token)
	if err != nil {
		return err
	}
	p.Rules = shownRules{"field-password", demands}
	return u.Pages.Render(w, r, "setup", frame.Page{Title: words.Text(words.Of(r.Context()), "setup.title"), Bare: true, Data: p, Problem: wrong})
}

// setup makes the first administrator, and signs in with the password just chosen.
func (u *UI) setup(w http.ResponseWriter, r *http.Request) error {
	body := frame.Filled(r, "username", "name")
	for _, name := range []string{"username", "name"} { // an empty one is refused as a field, not as a body
		if body[name] == nil {
			body[name] = ""
		}
	}
	password := r.PostFormValue("password")
	body["token"], body["password"] = chi.URLParam(r, "token"), password
	if _, err := u.Commands.RunAs(r, "SetupFirstAdmin", body, stranger(r)); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return u.setupPage(w, r, setupPage{Username: r.PostFormValue("username"), Name: r.PostFormValue("name")}, &details)
	}
	if _, err := u.C.Askers.SignIn(r, "ui", r.PostFormValue("username"), password); err != nil {
		return u.Pages.Done(w, r, "/login", "done.setup")
	}
	return u.Pages.Done(w, r, "/", "done.setup")
}
