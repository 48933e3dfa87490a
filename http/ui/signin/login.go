package signin

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
)

// loginPages sign in and out.
type loginPages struct{ Section }

func (s loginPages) mount(r chi.Router) {
	r.Get("/login", s.Pages.Handle(s.showLogin))
	r.Post("/login", s.Pages.Handle(s.login))
	r.Post("/logout", s.Pages.Handle(s.logout))
}

// signInRefused returns what the form shows of a refusal, and false for a fault.
func signInRefused(r *http.Request, err error) (problem.Details, bool) {
	details := problem.Of(r.Context(), err)
	return details, details.Status < http.StatusInternalServerError && details.Status >= http.StatusBadRequest
}

func (s loginPages) showLogin(w http.ResponseWriter, r *http.Request) error {
	if session.SignedIn(r.Context()) {
		http.Redirect(w, r, frame.Local(r.URL.Query().Get("next")), http.StatusSeeOther)
		return nil
	}
	form := frame.SignIn{Next: r.URL.Query().Get("next")}
	form.Ended = form.Next != "" && s.Pages.WasHere(r)
	return s.Pages.AskToSignIn(w, r, form, 0, nil)
}

func (s loginPages) login(w http.ResponseWriter, r *http.Request) error {
	form := frame.SignIn{Username: r.PostFormValue("username"), Next: r.PostFormValue("next"), Kept: r.PostFormValue("kept")}
	in, err := s.Askers.SignIn(r, "ui", form.Username, r.PostFormValue("password"))
	if err != nil {
		details, ok := signInRefused(r, err)
		if !ok {
			return err
		}
		return s.Pages.AskToSignIn(w, r, form, 0, &details)
	}
	target := frame.Local(form.Next)
	if page, ok := s.Pages.Resume(r.Context(), form.Kept, in.AccountID); ok {
		target = page
	}
	if in.PasswordChangeRequired {
		target = "/password"
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

func (s loginPages) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.Askers.SignOut(r, "ui"); err != nil {
		return err
	}
	return s.Pages.Done(w, r, "/login", "done.signed-out")
}
