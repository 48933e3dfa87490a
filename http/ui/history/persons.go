package history

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// person is whom a filter is about, as it was typed and as it was understood.
type person struct {
	Typed   string
	ID      string         // of the account, or the name of a part of the program
	Name    string         // of the account
	Choices []frame.Option // if several fit
}

// person finds whom a reader means: by id, by username, or by a part of the name if only
// one fits. What is no account is taken as it was typed: a part of the program, a stream.
func (s auditPages) person(r *http.Request, organization, typed string) (person, error) {
	p := person{Typed: typed, ID: typed}
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return p, nil
	}
	bare := strings.TrimPrefix(typed, eventstore.AccountSubject(""))
	if id, err := uuid.Parse(bare); err == nil {
		rows, err := s.Reach.Accounts(r.Context(), organization, []string{id.String()})
		if row, ok := rows[id.String()]; ok && err == nil {
			p.ID, p.Name = row.ID, row.Name
		}
		return p, err
	}
	found, err := s.suggestions(r, organization, typed)
	if err != nil {
		return p, err
	}
	for _, row := range found {
		if len(found) == 1 || strings.EqualFold(row.Username, typed) {
			p.ID, p.Name, p.Choices = row.ID, row.Name, nil
			return p, nil
		}
		p.Choices = append(p.Choices, frame.Option{Value: row.Username, Label: row.Name + " · " + row.Username})
	}
	return p, nil
}

// mostSuggestions is how many accounts are offered for a text.
const mostSuggestions = 8

func (s auditPages) suggestions(r *http.Request, organization, typed string) ([]accountlist.Item, error) {
	page, err := answers.Accounts.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListAccounts"), listing.Question{Organization: organization, Query: listing.Query{Search: typed, Limit: mostSuggestions}})
	return page.Items, err
}

// suggestAccounts shows the accounts that fit what is being typed, as choices of a field.
func (s auditPages) suggestAccounts(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "SearchAudit", rights.ReadAudit); err != nil {
		return err
	}
	typed := r.URL.Query().Get("actor") + r.URL.Query().Get("subject")
	organization, account := frame.Within(session.Who(r.Context()), rights.ReadAudit)
	var found []accountlist.Item
	if typed != "" && plainText(typed) && account == "" {
		var err error
		if found, err = s.suggestions(r, organization, typed); err != nil {
			return err
		}
	}
	return s.Pages.Fragment(w, r, "suggestions", found)
}
