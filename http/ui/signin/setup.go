package signin

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/setup"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// setupPages make the first administrator.
type setupPages struct{ Section }

func (s setupPages) mount(r chi.Router) {
	r.Get("/setup/{token}", s.open(s.showSetup))
	r.Post("/setup/{token}", s.open(s.setup))
}

type setupPage struct {
	Token string
	Typed map[string]string
	Rules frame.ShownRules
}

func (s setupPages) showSetup(w http.ResponseWriter, r *http.Request) error {
	return s.setupPage(w, r, setupPage{}, nil)
}

func (s setupPages) setupPage(w http.ResponseWriter, r *http.Request, p setupPage, wrong *problem.Details) error {
	p.Token = chi.URLParam(r, "token")
	demands, err := s.Service.Setup.Open(r.Context(), p.Token)
	if err != nil {
		return err
	}
	p.Rules = frame.ShownRules{For: "field-password", Rules: demands}
	return s.Pages.Render(w, r, "setup", frame.Page{Title: words.Text(words.Of(r.Context()), "setup.title"), Bare: true, Data: p, Problem: wrong})
}

// setup makes the first administrator, and signs in with the password just chosen.
func (s setupPages) setup(w http.ResponseWriter, r *http.Request) error {
	body, err := frame.Decode[setup.SetupFirstAdmin](r)
	if err != nil {
		return err
	}
	body.Token = chi.URLParam(r, "token")
	if _, err := s.Commands.RunAs(r, body, stranger(r), frame.ShowsNothing); err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error {
			return s.setupPage(w, r, setupPage{Typed: frame.Typed(r, []string{"username", "givenName", "surnamePrefix", "surname"})}, wrong)
		})
	}
	if _, err := s.Askers.SignIn(r, "ui", r.PostFormValue("username"), body.Password); err != nil {
		return s.Pages.Done(w, r, "/login", "done.setup")
	}
	return s.Pages.Done(w, r, "/", "done.setup")
}
