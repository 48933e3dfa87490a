// Package aggregates has the aggregates that several areas work on, one of each, so that the
// areas share what is kept folded in memory. An aggregate of one area alone is made with the area.
package aggregates

import (
	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/person"
	"sleutelbos/domain/session"
)

// The aggregates by their types.
type (
	Accounts      = engine.Aggregate[account.State, account.Command, account.Event]
	Organizations = engine.Aggregate[organization.State, organization.Command, organization.Event]
	Persons       = engine.Aggregate[person.State, person.Command, person.Event]
	Licenses      = engine.Aggregate[license.State, license.Command, license.Event]
	Requests      = engine.Aggregate[licenserequest.State, licenserequest.Command, licenserequest.Event]
	Letters       = engine.Aggregate[letter.State, letter.Command, letter.Event]
	Messages      = engine.Aggregate[message.State, message.Command, message.Event]
	Sessions      = engine.Aggregate[session.State, session.Command, session.Event]
)

// All has one of each.
type All struct {
	Accounts      *Accounts
	Organizations *Organizations
	Persons       *Persons
	Licenses      *Licenses
	Requests      *Requests
	Letters       *Letters
	Messages      *Messages
	Sessions      *Sessions
}

// New returns the aggregates of an engine.
func New(e *engine.Engine) All {
	return All{
		Accounts:      engine.NewAggregate(e, "account", account.Decider),
		Organizations: engine.NewAggregate(e, "organization", organization.Decider),
		Persons:       engine.NewAggregate(e, "person", person.Decider),
		Licenses:      engine.NewAggregate(e, "license", license.Decider),
		Requests:      engine.NewAggregate(e, "licenserequest", licenserequest.Decider),
		Letters:       engine.NewAggregate(e, "letter", letter.Decider),
		Messages:      engine.NewAggregate(e, "message", message.Decider),
		Sessions:      engine.NewAggregate(e, "session", session.Decider),
	}
}
