package frame

import (
	"context"
	"net/http"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/organizationlist"
)

// Reach finds what a page is about, as far as the reader may see it, and records who asked
// for more.
type Reach struct {
	Source  answers.Source
	Service *commands.Service
}

// Denied records that a known asker was refused by a page, and returns the refusal.
func (c Reach) Denied(r *http.Request, page string, refusal error) error {
	req := session.Request(r, "ui")
	req.Name = page
	return c.Service.Engine.Denied(r.Context(), req, refusal)
}

// Asker returns the reader of a page as answers know an asker.
func (c Reach) Asker(r *http.Request, page string) answers.Asker {
	return answers.Asker{Who: session.Who(r.Context()), Refused: func(refusal error) error { return c.Denied(r, page, refusal) }}
}

// asking returns the reader as answers know an asker, for what a page shows beside what it was
// asked for. The reader did not ask for that, so no refusal is recorded.
func asking(ctx context.Context) answers.Asker {
	return answers.Asker{Who: session.Who(ctx), Refused: func(refusal error) error { return refusal }}
}

// Need refuses an asker who has a right nowhere.
func (c Reach) Need(r *http.Request, page string, right rights.Right) error {
	if session.Who(r.Context()).May(right) == rights.ScopeNone {
		return c.Denied(r, page, engine.ErrDenied)
	}
	return nil
}

// Within returns the organization and the account to which a right of the asker narrows a
// list; each is empty where everything may be seen.
func Within(who rights.Principal, right rights.Right) (organization, account string) {
	switch who.May(right) {
	case rights.ScopeAll:
		return "", ""
	case rights.ScopeOrganization:
		return who.Organization, ""
	default:
		return who.Organization, who.AccountID
	}
}

// Account returns the account in the path, if the asker's right reaches it. Errors:
// account.ErrNotFound for what is not there or lies outside.
func (c Reach) Account(r *http.Request, right rights.Right) (accountdetail.Row, error) {
	id, ok := PathID(r)
	if !ok {
		return accountdetail.Row{}, account.ErrNotFound
	}
	item, err := answers.Accounts.Get(r.Context(), c.Source, c.Asker(r, "ShowAccount"), right, id)
	return item.Row, err
}

// Organization returns an organization, if the asker's right reaches it. Errors:
// organization.ErrNotFound for what is not there or lies outside.
func (c Reach) Organization(r *http.Request, id string, right rights.Right) (organizationlist.Row, error) {
	return answers.Organizations.Get(r.Context(), c.Source, c.Asker(r, "ShowOrganization"), right, id)
}

// Accounts returns the accounts with these ids, by id, of an organization (empty: of all).
func (c Reach) Accounts(ctx context.Context, organization string, ids []string) (map[string]accountlist.Row, error) {
	return c.Source.AccountsByID(ctx, organization, ids)
}
