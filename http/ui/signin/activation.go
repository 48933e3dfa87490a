package signin

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/activation"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// activationPages are for who has a link and no password yet.
type activationPages struct{ Section }

func (s activationPages) mount(r chi.Router) {
	r.Get(activation.Path+"{token}", s.open(s.showActivation))
	r.Post(activation.Path+"{token}", s.open(s.activate))
	r.Post(activation.Path+"{token}/again", s.open(s.askActivation))
	r.Get("/activation-requested", s.Pages.Handle(s.showActivationAsked))
}

type activationPage struct {
	activation.Page
	Token string
	Code  string // as typed
	Rules frame.ShownRules
}

func (s activationPages) showActivation(w http.ResponseWriter, r *http.Request) error {
	return s.activationPage(w, r, activationPage{}, nil)
}

// activationPage shows what became of a link, and the form while it has force.
func (s activationPages) activationPage(w http.ResponseWriter, r *http.Request, p activationPage, wrong *problem.Details) error {
	var err error
	p.Token = chi.URLParam(r, "token")
	if p.Page, err = s.Service.Activation.Open(r.Context(), p.Token); err != nil {
		return err
	}
	p.Rules = frame.ShownRules{For: "field-password", Rules: p.Password}
	status := 0 // that of what was wrong with the form
	switch {
	case p.State == activation.LinkUnknown:
		status, wrong = http.StatusNotFound, nil
	case p.State != activation.LinkValid:
		status, wrong = http.StatusGone, nil // the page says why; the form is not there any more
	}
	return s.Pages.Render(w, r, "activation", frame.Page{Status: status, Title: words.Text(words.Of(r.Context()), "activation.title"), Bare: true, Data: p, Problem: wrong})
}

func (s activationPages) activate(w http.ResponseWriter, r *http.Request) error {
	body := activation.ActivateAccount{
		Token: chi.URLParam(r, "token"), Code: strings.TrimSpace(r.PostFormValue("code")), Password: r.PostFormValue("password"),
	}
	_, err := s.Commands.RunAs(r, body, stranger(r), frame.ShowsNothing)
	if err == nil {
		return s.Pages.Done(w, r, "/login", "done.activated")
	}
	details := problem.Of(r.Context(), err)
	if details.Status >= http.StatusInternalServerError {
		return err
	}
	return s.activationPage(w, r, activationPage{Code: r.PostFormValue("code")}, &details)
}

// askActivation asks for a new link. What it leads to says nothing of the old one.
func (s activationPages) askActivation(w http.ResponseWriter, r *http.Request) error {
	body := activation.RequestNewActivation{Token: chi.URLParam(r, "token")}
	if _, err := s.Commands.RunAs(r, body, stranger(r), frame.ShowsNothing); err != nil {
		if details := problem.Of(r.Context(), err); details.Status >= http.StatusInternalServerError {
			return err
		}
	}
	http.Redirect(w, r, "/activation-requested", http.StatusSeeOther)
	return nil
}

func (s activationPages) showActivationAsked(w http.ResponseWriter, r *http.Request) error {
	return s.Pages.Render(w, r, "activationasked", frame.Page{Title: words.Text(words.Of(r.Context()), "activation.asked"), Bare: true})
}
