package ui

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/http/session"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/organizationlist"
)

// denied records that a known asker was refused by a page, and answers the refusal.
func (u *UI) denied(r *http.Request, page string, refusal error) error {
	req := session.Request(r, "ui")
	req.Name = page
	return u.Service.Denied(r.Context(), req, refusal)
}

// need refuses an asker who has a right nowhere.
func (u *UI) need(r *http.Request, page string, right rights.Right) error {
	if session.Who(r.Context()).May(right) == rights.ScopeNone {
		return u.denied(r, page, commands.ErrDenied)
	}
	return nil
}

// within narrows a list to the asker's reach: the organization and the account that it is
// about, each empty where everything may be seen.
func within(who rights.Principal, right rights.Right) (organization, account string) {
	switch who.May(right) {
	case rights.ScopeAll:
		return "", ""
	case rights.ScopeOrganization:
		return who.Organization, ""
	default:
		return who.Organization, who.AccountID
	}
}

// id answers the id in the path in its one spelling; false for what is none.
func pathID(r *http.Request) (string, bool) {
	text := chi.URLParam(r, "id")
	id, err := uuid.Parse(text)
	return id.String(), err == nil && len(text) == len(uuid.Nil.String())
}

// account answers the account in the path, if the asker's right reaches it. Errors:
// account.ErrNotFound for what is not there or lies outside.
func (u *UI) account(r *http.Request, right rights.Right) (accountdetail.Row, error) {
	id, ok := pathID(r)
	if !ok {
		return accountdetail.Row{}, account.ErrNotFound
	}
	row, err := machinery.One[accountdetail.Row](r.Context(), u.DB,
		`SELECT `+accountdetail.New().Columns()+` FROM `+accountdetail.Table+` WHERE id = $1`, id)
	switch {
	case errors.Is(err, machinery.ErrNoRow):
		return row, account.ErrNotFound
	case err != nil:
		return row, err
	case !session.Who(r.Context()).Reaches(right, row.OrganizationID, id):
		return accountdetail.Row{}, u.denied(r, "ShowAccount", account.ErrNotFound)
	}
	return row, nil
}

// organization answers an organization, if the asker's right reaches it. Errors:
// organization.ErrNotFound for what is not there or lies outside.
func (u *UI) organization(r *http.Request, id string, right rights.Right) (organizationlist.Row, error) {
	row, err := organizationlist.Get(r.Context(), u.DB, id)
	switch {
	case errors.Is(err, machinery.ErrNoRow):
		return row, organization.ErrNotFound
	case err != nil:
		return row, err
	case !session.Who(r.Context()).Reaches(right, id, ""):
		return organizationlist.Row{}, u.denied(r, "ShowOrganization", organization.ErrNotFound)
	}
	return row, nil
}

// accountsOf answers the accounts with these ids, by id, as far as an organization goes
// (empty: all).
func (u *UI) accountsOf(ctx context.Context, organization string, ids []string) (map[string]accountlist.Row, error) {
	rows, err := machinery.Select[accountlist.Row](ctx, u.DB, `SELECT `+accountlist.New().Columns()+` FROM `+accountlist.Table+
		` WHERE `+u.DB.InList("id", "$1")+` AND ($2 = '' OR organization_id = $2)`, append([]string{}, ids...), organization)
	found := make(map[string]accountlist.Row, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// names answers what those who acted are called: accounts, of whatever organization, by
// their names, and the program's own parts as such.
func (u *UI) names(ctx context.Context, ids ...string) (map[string]string, error) {
	said, wanted := map[string]string{}, map[string]bool{}
	for _, id := range ids {
		switch {
		case id == "":
		case uuid.Validate(id) == nil:
			wanted[id] = true
		default:
			said[id] = partName(words.Of(ctx), id)
		}
	}
	rows, err := u.accountsOf(ctx, "", slices.Sorted(maps.Keys(wanted)))
	for id, row := range rows {
		said[id] = row.Name
	}
	return said, err
}

// partName says which part of the program acted: a reactor as the page about them calls
// it, the clock, the first setup.
func partName(l words.Language, part string) string {
	if key := "reactor." + part; words.Known(l, key) {
		return words.Text(l, key)
	}
	if said := words.Value(l, part); said != part {
		return said
	}
	return words.Text(l, "account.by-program")
}
