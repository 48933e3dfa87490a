package ui

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// mountFrame adds signing in and out.
func (u *UI) mountFrame(r chi.Router) {
	r.Get("/login", u.Pages.Handle(u.showLogin))
	r.Method(http.MethodPost, "/login", u.LimitOpen(u.Pages.Handle(u.login)))
	r.Post("/logout", u.Pages.Handle(u.logout))
}

// signInRefused answers what the form shows of a refusal; false for a fault.
func signInRefused(r *http.Request, err error) (problem.Details, bool) {
	details := problem.Of(r.Context(), err)
	return details, details.Status < http.StatusInternalServerError && details.Status >= http.StatusBadRequest
}

type loginForm struct{ Username, Next string }

func (u *UI) showLogin(w http.ResponseWriter, r *http.Request) error {
	if session.SignedIn(r.Context()) {
		http.Redirect(w, r, frame.Local(r.URL.Query().Get("next")), http.StatusSeeOther)
		return nil
	}
	return u.loginPage(w, r, frame.Page{Data: loginForm{Next: r.URL.Query().Get("next")}})
}

func (u *UI) loginPage(w http.ResponseWriter, r *http.Request, p frame.Page) error {
	p.Title, p.Bare = words.Text(words.Of(r.Context()), "login.title"), true
	return u.Pages.Render(w, r, "login", p)
}

func (u *UI) login(w http.ResponseWriter, r *http.Request) error {
	form := loginForm{Username: r.PostFormValue("username"), Next: r.PostFormValue("next")}
	in, err := u.C.Askers.SignIn(r, "ui", form.Username, r.PostFormValue("password"))
	if err != nil {
		details, ok := signInRefused(r, err)
		if !ok {
			return err
		}
		return u.loginPage(w, r, frame.Page{Data: form, Problem: &details})
	}
	target := frame.Local(form.Next)
	if in.PasswordChangeRequired {
		target = "/password"
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

func (u *UI) logout(w http.ResponseWriter, r *http.Request) error {
	if err := u.C.Askers.SignOut(r, "ui"); err != nil {
		return err
	}
	return u.Pages.Done(w, r, "/login", "done.signed-out")
}
