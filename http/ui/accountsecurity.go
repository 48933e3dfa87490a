package ui

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sleutelbos/commands"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
)

func (u *UI) mountAccountSecurity(r chi.Router) {
	r.Post("/accounts/{id}/password", u.signedIn(u.setPassword))
	r.Post("/accounts/{id}/keys", u.signedIn(u.issueKey))
	r.Post("/accounts/{id}/keys/{key}/revoke", u.signedIn(u.revokeKey))
}

type accountSecurityPage struct {
	Head         accountHead
	Keys         []apiKey
	By           map[string]string
	MaySet       bool // the reader may give the account a password
	ManagesKeys  bool
	ManagesRoles bool
	FormID       string
	KeyName      string // as typed
	Wrong        string // which of the forms was refused: "password" or "key"
}

func (u *UI) showAccountSecurity(w http.ResponseWriter, r *http.Request) error {
	return u.securityPage(w, r, http.StatusOK, "", nil)
}

func (u *UI) securityPage(w http.ResponseWriter, r *http.Request, status int, form string, wrong *problem.Details) error {
	h, err := u.accountHead(r, "security")
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	p := accountSecurityPage{
		Head: h, Keys: keysOf(h.Row), FormID: newKey(), KeyName: r.PostFormValue("name"), Wrong: form,
		MaySet:       h.Manages && !h.Closed && h.Role != string(rights.RoleService) && h.Activation == "completed",
		ManagesKeys:  h.Manages && !h.Closed && h.Keyed() && who.Reaches(rights.ManageAPIKeys, h.OrganizationID, ""),
		ManagesRoles: h.Manages && !h.Closed && who.Reaches(rights.ManageAdmins, h.OrganizationID, ""),
	}
	if who.Reaches(rights.ReadDecider, h.OrganizationID, "") {
		if p.By, err = u.names(r.Context(), h.PasswordSetBy); err != nil {
			return err
		}
	}
	return u.render(w, r, status, "accountsecurity", Page{Title: h.Name, Nav: "accounts", Data: p, Problem: wrong})
}

func (u *UI) setPassword(w http.ResponseWriter, r *http.Request) error {
	row, err := u.account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	body := map[string]any{"accountId": row.ID, "keepPassword": ticked(r, "keepPassword"), "generatePassword": ticked(r, "generatePassword")}
	if password := r.PostFormValue("password"); password != "" {
		body["password"] = password // as typed: spaces belong to it
	}
	outcome, err := u.runForm(r, "SetPassword", body)
	if err != nil {
		details, ok := refused(r, err)
		if !ok {
			return err
		}
		return u.securityPage(w, r, details.Status, "password", &details)
	}
	made, err := resultOf[commands.PasswordSet](outcome)
	if err != nil {
		return err
	}
	if made.Password == "" {
		return u.done(w, r, "/accounts/"+row.ID+"/security", "done.password-set")
	}
	return u.showSecret(w, r, secretPage{
		Title: "secret.password-made", Text: "new.password-once", Label: "new.password", Secret: made.Password,
		Name: row.Username, Back: "/accounts/" + row.ID + "/security",
	})
}

func (u *UI) issueKey(w http.ResponseWriter, r *http.Request) error {
	row, err := u.account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	outcome, err := u.runForm(r, "IssueApiKey", map[string]any{"accountId": row.ID, "name": strings.TrimSpace(r.PostFormValue("name"))})
	if err != nil {
		details, ok := refused(r, err)
		if !ok {
			return err
		}
		return u.securityPage(w, r, details.Status, "key", &details)
	}
	made, err := resultOf[commands.APIKeyMade](outcome)
	if err != nil {
		return err
	}
	return u.showSecret(w, r, secretPage{
		Title: "secret.key-made", Text: "secret.key-once", Label: "secret.key", Secret: made.Key,
		Name: row.Username, Back: "/accounts/" + row.ID + "/security",
	})
}

func (u *UI) revokeKey(w http.ResponseWriter, r *http.Request) error {
	row, err := u.account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	if _, err := u.run(r, "RevokeApiKey", map[string]any{"accountId": row.ID, "keyId": chi.URLParam(r, "key")}); err != nil {
		details, ok := refused(r, err)
		if !ok {
			return err
		}
		return u.securityPage(w, r, details.Status, "key", &details)
	}
	return u.done(w, r, "/accounts/"+row.ID+"/security", "done.key-revoked")
}

// runForm runs a command once for a form, however often it is sent.
func (u *UI) runForm(r *http.Request, name string, body map[string]any) (commands.Outcome, error) {
	req := session.Request(r, "ui")
	req.IdempotencyKey = onceKey(r.PostFormValue("form"), name)
	return u.runAs(r, name, body, req)
}

// resultOf answers a command's result, which after a repetition is JSON.
func resultOf[Result any](o commands.Outcome) (Result, error) {
	var result Result
	switch made := o.Result.(type) {
	case Result:
		return made, nil
	case jsontext.Value:
		if err := json.Unmarshal(made, &result); err != nil {
			return result, fmt.Errorf("read the first answer of a form: %w", err)
		}
	}
	return result, nil
}
