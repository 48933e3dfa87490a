// Package personlist answers which persons an organization knows, and what they are to it.
package personlist

import (
	"strings"
	"time"

	"sleutelbos/domain/person"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "person_list_v1"

// Row is one person.
type Row struct {
	ID             string `db:"id,key"`
	OrganizationID string `db:"organization_id"`
	Name           string `db:"name"`
	GivenName      string `db:"given_name"`
	SurnamePrefix  string `db:"surname_prefix"`
	Surname        string `db:"surname"`
	ListedName     string `db:"listed_name"` // as lists show it, what it is sorted by in front
	SortName       string `db:"sort_name"`
	Search         string `db:"search,search"`
	Email          string `db:"email"`
	Phone          string `db:"phone"`
	PhoneNumber    string `db:"phone_number"` // in its one form
	BirthDate      string `db:"birth_date"`
	Internal       bool   `db:"internal_employee"` // shielded: not everyone may see what is known of the person
	// Employments are the days of each as an interval of ISO 8601, by their first days: 2020-01-01/2025-12-31,
	// or 2020-01-01/.. while no end is known. The last one is in columns of its own, too.
	Employments          []string  `db:"employments"`
	EmployedFrom         string    `db:"employed_from"`
	EmployedUntil        string    `db:"employed_until"`
	Contact              bool      `db:"contact"`
	ExternalOrganization string    `db:"external_organization"`
	Function             string    `db:"function"`
	Volunteer            bool      `db:"volunteer"`
	CreatedAt            time.Time `db:"created_at"`
	ChangedAt            time.Time `db:"changed_at"`
	Revision             int64     `db:"revision"` // of its own stream: its ETag
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_name ON {table} (sort_name, id);
		CREATE INDEX {index}_created ON {table} (created_at, id);
		CREATE INDEX {index}_organization ON {table} (organization_id, sort_name, id);`)
	machinery.Begins[person.Registered](t)
	on(t, registered)
	on(t, func(row Row, e person.NameChanged) Row { return row.named(e.Parts(), e.NameOrder) })
	on(t, func(row Row, e person.EmailChanged) Row { row.Email = typed.ShownMail(e.Email); return row })
	on(t, func(row Row, e person.PhoneChanged) Row {
		row.Phone, row.PhoneNumber = e.Phone, e.PhoneNumber
		return row
	})
	on(t, func(row Row, e person.BirthDateChanged) Row { row.BirthDate = e.BirthDate; return row })
	on(t, func(row Row, e person.EmploymentStarted) Row {
		return row.employed(person.Employed(row.Known(), person.Employment(e)))
	})
	on(t, func(row Row, e person.EmploymentEnded) Row {
		return row.employed(person.Lasting(row.Known(), e.From, e.Until))
	})
	on(t, func(row Row, e person.EmploymentContinued) Row {
		return row.employed(person.Lasting(row.Known(), e.From, ""))
	})
	on(t, func(row Row, e person.EmploymentWithdrawn) Row {
		return row.employed(person.Unemployed(row.Known(), e.OldFrom))
	})
	on(t, func(row Row, e person.ExternalContactRegistered) Row {
		row.Contact, row.ExternalOrganization, row.Function = true, e.ExternalOrganization, e.Function
		return row
	})
	on(t, func(row Row, _ person.ExternalContactEnded) Row {
		row.Contact, row.ExternalOrganization, row.Function = false, "", ""
		return row
	})
	on(t, func(row Row, _ person.VolunteerActivated) Row { row.Volunteer = true; return row })
	on(t, func(row Row, _ person.VolunteerDeactivated) Row { row.Volunteer = false; return row })
	on(t, func(row Row, _ person.Shielded) Row { row.Internal = true; return row })
	on(t, func(row Row, _ person.Unshielded) Row { row.Internal = false; return row })
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

func registered(row Row, e person.Registered) Row {
	row.OrganizationID, row.Email, row.BirthDate = e.OrganizationID, typed.ShownMail(e.Email), e.BirthDate
	row.Phone, row.PhoneNumber = e.Phone, e.PhoneNumber
	return row.named(e.Parts(), e.NameOrder)
}

func (row Row) named(n typed.Name, order typed.NameOrder) Row {
	row.Name, row.GivenName, row.SurnamePrefix, row.Surname = n.String(), n.GivenName, n.SurnamePrefix, n.Surname
	row.ListedName = n.Listed(order)
	row.SortName, row.Search = typed.SortKey(row.ListedName), typed.Searched(row.Name)
	return row
}

// open stands for the last day of an employment of which none is known, as in ISO 8601.
const open = ".."

// Known returns the employments.
func (row Row) Known() []person.Employment {
	var all []person.Employment
	for _, interval := range row.Employments {
		from, until, _ := strings.Cut(interval, "/")
		if until == open {
			until = ""
		}
		all = append(all, person.Employment{From: from, Until: until})
	}
	return all
}

func (row Row) employed(all []person.Employment) Row {
	row.Employments, row.EmployedFrom, row.EmployedUntil = nil, "", ""
	for _, e := range all {
		until := e.Until
		if until == "" {
			until = open
		}
		row.Employments = append(row.Employments, e.From+"/"+until)
		row.EmployedFrom, row.EmployedUntil = e.From, e.Until
	}
	return row
}

// Employee says whether the person is an employee on a day, or will be one: the last employment is
// not over.
func (row Row) Employee(day string) bool {
	return row.EmployedFrom != "" && (row.EmployedUntil == "" || row.EmployedUntil >= day)
}
