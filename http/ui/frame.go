package ui

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/words"
)

// mountFrame adds what every page needs: signing in and out, language and theme.
func (u *UI) mountFrame(r chi.Router) {
	r.Get("/login", u.handle(u.showLogin))
	r.Method(http.MethodPost, "/login", u.LimitOpen(u.handle(u.login)))
	r.Post("/logout", u.handle(u.logout))
	r.Post("/preferences", u.handle(u.preferences))
	r.NotFound(u.notFound)
}

// notFound answers people with a page; programs get what they would from the API.
func (u *UI) notFound(w http.ResponseWriter, r *http.Request) {
	missing := problem.New(http.StatusNotFound, "not-found")
	if strings.HasPrefix(r.URL.Path, answers.Prefix) {
		problem.Write(w, r, missing)
		return
	}
	u.handle(func(http.ResponseWriter, *http.Request) error { return missing })(w, r)
}

// signInRefused answers what the form shows of a refusal; false for a fault.
func signInRefused(r *http.Request, err error) (problem.Details, bool) {
	details := problem.Of(r.Context(), err)
	return details, details.Status < http.StatusInternalServerError && details.Status >= http.StatusBadRequest
}

type loginForm struct{ Username, Next string }

func (u *UI) showLogin(w http.ResponseWriter, r *http.Request) error {
	if session.SignedIn(r.Context()) {
		http.Redirect(w, r, local(r.URL.Query().Get("next")), http.StatusSeeOther)
		return nil
	}
	return u.loginPage(w, r, http.StatusOK, Page{Data: loginForm{Next: r.URL.Query().Get("next")}})
}

func (u *UI) loginPage(w http.ResponseWriter, r *http.Request, status int, p Page) error {
	p.Title, p.Bare = words.Text(words.Of(r.Context()), "login.title"), true
	return u.render(w, r, status, "login", p)
}

func (u *UI) login(w http.ResponseWriter, r *http.Request) error {
	form := loginForm{Username: r.PostFormValue("username"), Next: r.PostFormValue("next")}
	in, err := u.Askers.SignIn(r, "ui", form.Username, r.PostFormValue("password"))
	if err != nil {
		details, ok := signInRefused(r, err)
		if !ok {
			return err
		}
		return u.loginPage(w, r, details.Status, Page{Data: form, Problem: &details})
	}
	target := local(form.Next)
	if in.PasswordChangeRequired {
		target = "/password"
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

func (u *UI) logout(w http.ResponseWriter, r *http.Request) error {
	if err := u.Askers.SignOut(r, "ui"); err != nil {
		return err
	}
	return u.done(w, r, "/login", "done.signed-out")
}

// preferences keeps the choice of language and theme in the browser.
func (u *UI) preferences(w http.ResponseWriter, r *http.Request) error {
	const year = 365 * 24 * 3600
	if l, ok := words.Parse(r.PostFormValue("language")); ok {
		u.setCookie(w, words.Cookie, string(l), year)
	}
	if theme := r.PostFormValue("theme"); theme == "light" || theme == "dark" {
		u.setCookie(w, themeCookie, theme, year)
	}
	http.Redirect(w, r, local(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}
