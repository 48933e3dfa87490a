// Package licenselist lists the licenses, and how many hold one.
package licenselist

import (
	"slices"
	"strings"
	"time"

	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "license_list_v1"

// Row is one license. Holders counts the grants; a company-wide license reaches everyone
// in the organization without any.
type Row struct {
	ID               string    `db:"id,key"`
	OrganizationID   string    `db:"organization_id"`
	Name             string    `db:"name"`
	SortName         string    `db:"sort_name"`
	Search           string    `db:"search,search"`
	Approved         bool      `db:"company_wide_approved"` // by the provider, so that it may be company-wide
	CompanyWide      bool      `db:"company_wide"`
	ShownInSelection bool      `db:"shown_in_selection"`
	Standards        []string  `db:"standards"`
	Holders          int64     `db:"holders"`
	OpenRequests     int64     `db:"open_requests"`
	CreatedAt        time.Time `db:"created_at"`
	ChangedAt        time.Time `db:"changed_at"`
	Revision         int64     `db:"revision"` // of its own stream: its ETag
}

// MayBeRequested says whether a holder can ask for the license; the rule is the domain's.
func (r Row) MayBeRequested() bool {
	return license.State{Exists: true, CompanyWide: r.CompanyWide, ShownInSelection: r.ShownInSelection}.MayBeRequested() == nil
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_name ON {table} (sort_name, id);
		CREATE INDEX {index}_organization ON {table} (organization_id, sort_name, id);`)
	on(t, registered)
	on(t, func(row Row, _ license.CompanyWideApproved) Row { row.Approved = true; return row })
	on(t, func(row Row, _ license.CompanyWideEnabled) Row { row.CompanyWide = true; return row })
	on(t, func(row Row, _ license.CompanyWideDisabled) Row { row.CompanyWide = false; return row })
	on(t, func(row Row, _ license.ShownInSelection) Row { row.ShownInSelection = true; return row })
	on(t, func(row Row, _ license.HiddenFromSelection) Row { row.ShownInSelection = false; return row })
	on(t, func(row Row, e license.StandardAdded) Row {
		return with(row, append(slices.Clone(row.Standards), e.Standard))
	})
	on(t, func(row Row, e license.StandardRemoved) Row {
		return with(row, slices.DeleteFunc(slices.Clone(row.Standards), func(has string) bool { return has == e.OldStandard }))
	})
	on(t, func(row Row, _ license.Granted) Row { row.Holders++; return row })
	on(t, func(row Row, _ license.Revoked) Row { row.Holders--; return row })
	machinery.OnKeyed(t, func(e licenserequest.Requested, _ eventstore.Record) string { return e.LicenseID },
		func(row Row, _ licenserequest.Requested, _ eventstore.Record) Row { row.OpenRequests++; return row })
	machinery.OnKeyed(t, func(e licenserequest.Approved, _ eventstore.Record) string { return e.LicenseID },
		func(row Row, _ licenserequest.Approved, _ eventstore.Record) Row { row.OpenRequests--; return row })
	machinery.OnKeyed(t, func(e licenserequest.Rejected, _ eventstore.Record) string { return e.LicenseID },
		func(row Row, _ licenserequest.Rejected, _ eventstore.Record) Row { row.OpenRequests--; return row })
	machinery.OnKeyed(t, func(e licenserequest.Withdrawn, _ eventstore.Record) string { return e.LicenseID },
		func(row Row, _ licenserequest.Withdrawn, _ eventstore.Record) Row { row.OpenRequests--; return row })
	return t
}

func on[E any](t *machinery.Table[Row], fold func(Row, E) Row) {
	machinery.On(t, machinery.ByStream, func(row Row, e E, r eventstore.Record) Row {
		row = fold(row, e)
		row.ChangedAt, row.Revision = r.Envelope.OccurredAt, r.Revision
		if r.Revision == 0 {
			row.CreatedAt = r.Envelope.OccurredAt
		}
		return row
	})
}

func registered(row Row, e license.Registered) Row {
	row.OrganizationID, row.Name, row.SortName = e.OrganizationID, e.Name, typed.SortKey(e.Name)
	row = with(row, nil)
	row.Approved, row.CompanyWide, row.ShownInSelection = e.CompanyWide, e.CompanyWide, e.ShownInSelection
	return row
}

// with returns the row with these standards. A license is found by each of them, too.
func with(row Row, standards []string) Row {
	if len(standards) == 0 {
		standards = nil // as an empty list reads from a table
	}
	row.Standards, row.Search = standards, typed.Searched(strings.Join(append([]string{row.Name}, standards...), " "))
	return row
}
