package app

import (
	"context"
	"time"

	"sleutelbos/commands/licenses"
	"sleutelbos/commands/reactors"
	"sleutelbos/eventstore"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/regionlist"
)

// belongings finds in the read models what accounts have.
type belongings struct{ app *App }

// Members returns accounts of an organization that are not closed.
func (b belongings) Members(ctx context.Context, organizationID string, q licenses.MembersAsked) ([]string, error) {
	if q.At != (eventstore.Position{}) {
		waiting, cancel := context.WithTimeout(ctx, readModelsFollow)
		defer cancel()
		if err := b.app.Runner.WaitFor(waiting, q.At, accountlist.Table); err != nil {
			return nil, err
		}
	}
	return accountlist.Members(ctx, b.app.Rows, organizationID, q.CreatedBy, q.Domain, q.After, q.Limit)
}

// readModelsFollow is how long the read models may take to reach a closing until it is tried again.
const readModelsFollow = 10 * time.Second

// Of returns what an account had at a position of the log, or has by now.
func (b belongings) Of(ctx context.Context, accountID string, at eventstore.Position) (has reactors.Belonging, err error) {
	waiting, cancel := context.WithTimeout(ctx, readModelsFollow)
	defer cancel()
	if err := b.app.Runner.WaitFor(waiting, at, accountlist.Table, licenserequests.Table, regionlist.Table); err != nil {
		return has, err
	}
	rows, err := accountlist.ByID(ctx, b.app.Rows, "", []string{accountID})
	if err != nil {
		return has, err
	}
	has.Licenses = rows[accountID].Licenses
	if has.Requests, err = licenserequests.OpenOf(ctx, b.app.Rows, accountID); err != nil {
		return has, err
	}
	has.Regions, err = regionlist.Of(ctx, b.app.Rows, accountID)
	return has, err
}
