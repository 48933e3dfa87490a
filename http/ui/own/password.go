package own

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/accounts"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// passwordPages change the own password.
type passwordPages struct{ Section }

func (s passwordPages) mount(r chi.Router) {
	r.Get("/password", s.Pages.SignedIn(s.showPassword))
	r.Post("/password", s.Pages.SignedIn(s.changePassword))
}

type passwordPage struct {
	Due   bool // nothing else may be done before
	Rules frame.ShownRules
}

func (s passwordPages) showPassword(w http.ResponseWriter, r *http.Request) error {
	return s.passwordPage(w, r, nil)
}

func (s passwordPages) passwordPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	who := session.Who(r.Context())
	demands, err := s.Service.Access.PasswordRules(r.Context(), who.AccountID)
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, "password", frame.Page{
		Title: words.Text(words.Of(r.Context()), "password.title"), Nav: "me", Bare: who.PasswordChangeRequired, Problem: wrong,
		Data: passwordPage{who.PasswordChangeRequired, frame.ShownRules{For: "field-password", Rules: demands}},
	})
}

func (s passwordPages) changePassword(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Commands.Run(r, accounts.ChangePassword{CurrentPassword: r.PostFormValue("currentPassword"), Password: r.PostFormValue("password")}, ofAccount)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.passwordPage(w, r, wrong) })
	}
	// The change ended every session of the account; this one goes on under another token.
	if err := s.Askers.Renew(r.Context()); err != nil {
		return err
	}
	if session.Who(r.Context()).PasswordChangeRequired { // so it was when the request began
		target := "/"
		if page, ok := s.Pages.Waiting(r.Context()); ok {
			target = page
		}
		return s.Pages.Done(w, r, target, "done.password")
	}
	return s.Pages.Done(w, r, "/me", "done.password")
}
