package answers

import (
	"context"
	"slices"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// Source is where answers come from.
type Source struct {
	DB      machinery.Standings
	Opener  audithistory.Opener
	Cursors Cursors
	Now     func() time.Time
}

// Asker is whoever asks.
type Asker struct {
	Who rights.Principal
	// Refused records that the asker was refused, and returns the refusal.
	Refused func(refusal error) error
}

// Owner says whose a thing is.
type Owner = listing.Owner

// reaches refuses a thing that lies outside the reach of the asker's right, as if it were not there.
func (a Asker) reaches(right rights.Right, own Owner, missing error) error {
	for _, account := range slices.Concat(own.Accounts, []string{own.Account}) {
		if a.Who.Reaches(right, own.Organization, account) {
			return nil
		}
	}
	return a.Refused(missing)
}

// Within returns the organization and the account to which a right of the asker narrows a
// list, each empty where everything may be seen. The organization that was asked for narrows it too;
// one outside the reach is refused as if it were not there.
func (a Asker) Within(right rights.Right, asked string) (within, account string, err error) {
	scope := a.Who.May(right)
	switch {
	case scope == rights.ScopeNone:
		return "", "", a.Refused(engine.ErrDenied)
	case scope == rights.ScopeAll:
		return asked, "", nil
	case asked != "" && asked != a.Who.Organization:
		return "", "", a.Refused(organization.ErrNotFound)
	case scope == rights.ScopeOrganization:
		return a.Who.Organization, "", nil
	}
	return a.Who.Organization, a.Who.AccountID, nil
}

// redact empties the fields of a row that are not for the asker. Now is the row as it is at
// present: the row itself, unless that is an earlier state.
func redact[Row any](a Asker, m listing.Model[Row], row, now *Row) {
	own := m.Owner(row)
	for _, audience := range listing.Audiences() {
		if !a.Who.Reaches(rights.Right(audience), own.Organization, own.Account) {
			m.Hide(row, now, audience)
		}
	}
}

// sights returns of which rows the asker sees what is for an audience, for the filters of a
// list. It says of all rows what Reaches says of one.
func (a Asker) sights() map[listing.Audience]listing.Sight {
	sights := map[listing.Audience]listing.Sight{}
	for _, audience := range listing.Audiences() {
		switch a.Who.May(rights.Right(audience)) {
		case rights.ScopeAll:
			sights[audience] = listing.Sight{All: true}
		case rights.ScopeOrganization:
			sights[audience] = listing.Sight{Organization: a.Who.Organization}
		case rights.ScopeSelf:
			sights[audience] = listing.Sight{Account: a.Who.AccountID}
		case rights.ScopeNone: // the zero Sight sees them in no row
		}
	}
	return sights
}

// position returns how far a read model is. It is asked before the rows, so that they
// reflect at least that.
func (s Source) position(ctx context.Context, table string) (string, error) {
	checkpoint, err := s.DB.Checkpoint(ctx, table)
	return PositionText(checkpoint.Told()), err
}
