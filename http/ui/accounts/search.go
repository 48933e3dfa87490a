package accounts

import (
	"net/http"
	"net/url"
	"strings"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
)

// search leads to what is looked for on top of every page: straight to the account if
// there is exactly one, else to the list of those that fit.
func (s listPages) search(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "Search", rights.ReadAccounts); err != nil {
		return err
	}
	query := "q=" + url.QueryEscape(strings.TrimSpace(r.URL.Query().Get("q")))
	args, err := answers.Accounts.Ask(query + "&limit=1")
	if err != nil {
		return err
	}
	found, err := answers.Accounts.Page(r.Context(), s.Source, s.Reach.Asker(r, "Search"), args)
	if err != nil {
		return err
	}
	target := "/accounts?" + query + "&show=all"
	if found.Total == 1 && args["q"] != "" {
		target = "/accounts/" + found.Items[0].ID
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}
