package reactors

import (
	"context"
	"errors"

	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/regions"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/region"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Belonging is what an account has in streams other than its own, by ids.
type Belonging struct {
	Licenses []string // that were granted to it
	Requests []string // of its own that wait for a decision
	Regions  []string // in use, that were assigned to it
}

// Belongings finds what accounts have. It may name too much, because the rules decide.
type Belongings interface {
	licenses.Members
	// Of returns what an account had at a position of the log, or has by now.
	Of(ctx context.Context, accountID string, at eventstore.Position) (Belonging, error)
}

// Closings takes from an account that is closed for good its licenses, its open requests and its
// regions. No stream of an account has them, so Belongings finds them.
type Closings struct {
	Requests licenses.UseCases
	Licenses *aggregates.Licenses
	Regions  regions.UseCases
	Has      Belongings
}

// Reactors returns the reactors that take them: one acts on closings, those before its first run
// included, because earlier releases left what such accounts had; the other looks at what an account
// gets, because it may have been closed in that moment.
func (l Closings) Reactors() []Reactor {
	return []Reactor{
		{Name: "closed", Types: catalog.NamesOf(account.Closed{}), FromStart: true, Handle: l.react},
		{Name: "closings", Types: catalog.NamesOf(license.Granted{}, licenserequest.Requested{}, region.UserAssigned{}), Handle: l.react},
	}
}

func (l Closings) react(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := reaction(l.Requests.Engine, "closings", rec)
	if err != nil {
		return err
	}
	switch e := event.(type) {
	case license.Granted:
		return l.ifClosed(ctx, c, e.AccountID, Belonging{Licenses: []string{rec.AggregateID()}})
	case licenserequest.Requested:
		return l.ifClosed(ctx, c, e.AccountID, Belonging{Requests: []string{rec.AggregateID()}})
	case region.UserAssigned:
		return l.ifClosed(ctx, c, e.AccountID, Belonging{Regions: []string{rec.AggregateID()}})
	}
	return l.closed(ctx, c, rec)
}

func (l Closings) ifClosed(ctx context.Context, c *engine.Call, accountID string, got Belonging) error {
	holder, err := l.Requests.Accounts.Load(ctx, accountID)
	if err != nil || !holder.State.Closed {
		return err
	}
	return l.take(ctx, c, accountID, got)
}

// closed takes everything from the account whose end an event tells.
func (l Closings) closed(ctx context.Context, c *engine.Call, rec eventstore.Record) error {
	has, err := l.Has.Of(ctx, rec.AggregateID(), rec.Position)
	if err != nil {
		return err
	}
	return l.take(ctx, c, rec.AggregateID(), has)
}

func (l Closings) take(ctx context.Context, c *engine.Call, accountID string, has Belonging) error {
	var errs []error
	for _, id := range has.Licenses {
		_, err := l.Licenses.Decide(ctx, c, id, license.Revoke{AccountID: accountID, Because: license.BecauseClosed}, engine.Step{})
		errs = append(errs, err)
	}
	for _, id := range has.Requests {
		err := l.Requests.Withdraw(ctx, c, id)
		if !errors.Is(err, licenserequest.ErrAlreadyDecided) { // what an approval gives is taken when it is given
			errs = append(errs, err)
		}
	}
	for _, id := range has.Regions {
		_, err := l.Regions.Regions.Decide(ctx, c, id, region.Remove{AccountID: accountID}, engine.Step{})
		if !errors.Is(err, region.ErrArchived) { // whom an archived one was assigned to stays known
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
