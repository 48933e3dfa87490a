package accounts

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
)

// securityPages are about the password and the keys of an account.
type securityPages struct{ accountPages }

func (s securityPages) mount(r chi.Router) {
	r.Get("/accounts/{id}/security", s.Pages.SignedIn(s.showAccountSecurity))
	r.Post("/accounts/{id}/password", s.Pages.SignedIn(s.setPassword))
	r.Post("/accounts/{id}/keys", s.Pages.SignedIn(s.issueKey))
	r.Post("/accounts/{id}/keys/{key}/revoke", s.Pages.SignedIn(s.revokeKey))
}

type accountSecurityPage struct {
	Head         accountpage.Head
	Keys         []apiKey
	By           map[string]string
	MaySet       bool // the reader may give the account a password
	ManagesKeys  bool
	ManagesRoles bool
	FormID       string
	KeyName      string // as typed
	Wrong        string // which of the forms was refused: "password" or "key"
}

func (s securityPages) showAccountSecurity(w http.ResponseWriter, r *http.Request) error {
	return s.securityPage(w, r, "", nil)
}

func (s securityPages) securityPage(w http.ResponseWriter, r *http.Request, form string, wrong *problem.Details) error {
	h, err := s.heads.Of(r, "security")
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	p := accountSecurityPage{
		Head: h, Keys: keysOf(h.Row), FormID: frame.NewKey(), KeyName: r.PostFormValue("name"), Wrong: form,
		MaySet:       h.Manages && !h.Closed && h.Role != string(rights.RoleService) && h.Activation == "completed",
		ManagesKeys:  h.Manages && !h.Closed && h.Keyed() && who.Reaches(rights.ManageAPIKeys, h.OrganizationID, ""),
		ManagesRoles: h.Manages && !h.Closed && who.Reaches(rights.ManageAdmins, h.OrganizationID, ""),
	}
	if who.Reaches(rights.ReadDecider, h.OrganizationID, "") {
		if p.By, err = s.Names.Of(r.Context(), h.PasswordSetBy); err != nil {
			return err
		}
	}
	return s.Pages.Render(w, r, "security", frame.Page{Title: h.Name, Nav: "accounts", Organization: h.OrganizationID, Data: p, Problem: wrong})
}

func (s securityPages) setPassword(w http.ResponseWriter, r *http.Request) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	body, err := frame.Decode[accounts.SetPassword](r)
	if err != nil {
		return err
	}
	body.AccountID = row.ID
	outcome, err := s.Commands.RunForm(r, body, ofAccount)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.securityPage(w, r, "password", wrong) })
	}
	made, err := frame.Result[accounts.PasswordSet](outcome)
	if err != nil {
		return err
	}
	if made.Password == "" {
		return s.Pages.Done(w, r, "/accounts/"+row.ID+"/security", "done.password-set")
	}
	return s.showSecret(w, r, secretPage{
		Title: "secret.password-made", Text: "new.password-once", Label: "new.password", Secret: made.Password,
		Name: row.Username, Back: "/accounts/" + row.ID + "/security",
	})
}

func (s securityPages) issueKey(w http.ResponseWriter, r *http.Request) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	outcome, err := s.Commands.RunForm(r, accounts.IssueAPIKey{AccountID: row.ID, Name: strings.TrimSpace(r.PostFormValue("name"))}, ofAccount)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.securityPage(w, r, "key", wrong) })
	}
	made, err := frame.Result[accounts.APIKeyMade](outcome)
	if err != nil {
		return err
	}
	return s.showSecret(w, r, secretPage{
		Title: "secret.key-made", Text: "secret.key-once", Label: "secret.key", Secret: made.Key,
		Name: row.Username, Back: "/accounts/" + row.ID + "/security",
	})
}

func (s securityPages) revokeKey(w http.ResponseWriter, r *http.Request) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	if _, err := s.Commands.Run(r, accounts.RevokeAPIKey{AccountID: row.ID, KeyID: chi.URLParam(r, "key")}, ofAccount); err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.securityPage(w, r, "key", wrong) })
	}
	return s.Pages.Done(w, r, "/accounts/"+row.ID+"/security", "done.key-revoked")
}
