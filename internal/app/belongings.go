package app

import (
	"context"
	"time"

	"sleutelbos/commands/reactors"
	"sleutelbos/eventstore"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/regionlist"
)

// belongings finds in the read models what accounts have.
type belongings struct{ app *App }

// readModelsFollow is how long the read models may take to reach a closing until that is tried again.
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
