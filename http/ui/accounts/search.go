package accounts

import (
	"net/http"
	"net/url"
	"strings"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// search leads to what is looked for on top of every page: straight to the account if
// there is exactly one, else to the list of those that fit.
func (s listPages) search(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "Search", rights.ReadAccounts); err != nil {
		return err
	}
	organization, account := frame.Within(session.Who(r.Context()), rights.ReadAccounts)
	query := "q=" + url.QueryEscape(strings.TrimSpace(r.URL.Query().Get("q")))
	parameters, filter, err := answers.AccountQuestion(query, organization, account, s.Now())
	if err != nil {
		return err
	}
	found, err := accountlist.List(r.Context(), s.DB, filter, listing.Query{Search: parameters["q"], Limit: 1})
	if err != nil {
		return err
	}
	target := "/accounts?" + query + "&show=all"
	if found.Total == 1 && parameters["q"] != "" {
		target = "/accounts/" + found.Items[0].ID
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}
