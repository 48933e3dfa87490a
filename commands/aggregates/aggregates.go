// Package aggregates has one of each aggregate, so that all areas share what is kept folded in
// memory, and one lock for each stream.
package aggregates

import (
	"errors"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/session"
)

// The aggregates by their types.
type (
	Accounts      = engine.Aggregate[account.State, account.Command, account.Event]
	Organizations = engine.Aggregate[organization.State, organization.Command, organization.Event]
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
	Licenses      *Licenses
	Requests      *Requests
	Letters       *Letters
	Messages      *Messages
	Sessions      *Sessions
}

// New returns the aggregates of an engine.
func New(e *engine.Engine) (All, error) {
	var all All
	var errs [7]error
	all.Accounts, errs[0] = engine.NewAggregate(e, "account", account.Decider)
	all.Organizations, errs[1] = engine.NewAggregate(e, "organization", organization.Decider)
	all.Licenses, errs[2] = engine.NewAggregate(e, "license", license.Decider)
	all.Requests, errs[3] = engine.NewAggregate(e, "licenserequest", licenserequest.Decider)
	all.Letters, errs[4] = engine.NewAggregate(e, "letter", letter.Decider)
	all.Messages, errs[5] = engine.NewAggregate(e, "message", message.Decider)
	all.Sessions, errs[6] = engine.NewAggregate(e, "session", session.Decider)
	return all, errors.Join(errs[:]...)
}
