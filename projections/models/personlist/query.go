package personlist

import (
	"time"

	"sleutelbos/domain/organization"
	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
)

// Item is a row with what is known of its organization.
type Item struct {
	Row
	OrganizationName string `db:"organization_name"`
	TimeZone         string `db:"time_zone"`
}

// EmployeeAt says whether the person is an employee on the day that it is where the organization is, or
// will be one.
func (r Item) EmployeeAt(now time.Time) bool {
	return r.Employee(now.In(organization.ZoneNamed(r.TimeZone)).Format(time.DateOnly))
}

// shielded is where what is known of a person is for few: the name is not among it, so that a
// person can always be linked to, nor is what the person is to the organization.
var shielded = machinery.Is("internal_employee")

func kept(f listing.Field[Item]) listing.Field[Item] {
	return f.ForWhere(listing.Confidants, shielded, func(r *Item) bool { return r.Internal })
}

func ofOrganization(column string) string {
	return ", coalesce((SELECT " + column + " FROM " + organizationlist.Table + " o WHERE o.id = " + Table + ".organization_id), '') AS "
}

// employee is the rule of Row.Employee as SQL, for the day that it is.
var (
	employee = machinery.SQL("employed_from <> '' AND (employed_until = '' OR employed_until >= ?)")
	none     = machinery.SQL("(employed_from = '' OR employed_until <> '' AND employed_until < ?)")
)

// Model describes the list of persons.
var Model = listing.Model[Item]{
	Table: Table, Columns: New().Columns() + ofOrganization("name") + "organization_name" + ofOrganization("time_zone") + "time_zone",
	Organization: "organization_id", Search: "search", Default: "name",
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Revision: r.Revision}
	},
	Fields: append([]listing.Field[Item]{
		listing.Of(listing.ID, "id", func(r *Item) *string { return &r.ID }),
		listing.Of(listing.ID, "organizationId", func(r *Item) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "organizationName", func(r *Item) *string { return &r.OrganizationName }),
		listing.Of(listing.Text, "name", func(r *Item) *string { return &r.Name }).SortedBy("sort_name", func(r *Item) string { return typed.SortKey(r.ListedName) }),
		listing.Of(listing.Text, "givenName", func(r *Item) *string { return &r.GivenName }).Nullable(),
		listing.Of(listing.Text, "surnamePrefix", func(r *Item) *string { return &r.SurnamePrefix }).Nullable(),
		listing.Of(listing.Text, "surname", func(r *Item) *string { return &r.Surname }),
		kept(listing.Of(listing.Text, "email", func(r *Item) *string { return &r.Email }).Nullable()),
		kept(listing.Of(listing.Text, "phone", func(r *Item) *string { return &r.Phone }).Nullable()),
		listing.Computed(listing.Flag, "employee", func(r *Item, at time.Time) bool { return r.EmployeeAt(at) }).Says("Is employed now, or will be.").Filtered(listing.ByEitherToday("employee", employee, none)).Kept(),
		listing.Of(listing.Day, "employedFrom", func(r *Item) *string { return &r.EmployedFrom }).Says("The first day of the last employment."),
		listing.Of(listing.Day, "employedUntil", func(r *Item) *string { return &r.EmployedUntil }).Says("Its last day; null while none is known."),
		listing.Of(listing.Flag, "contact", func(r *Item) *bool { return &r.Contact }).Says("Is a contact of another organization.").
			Filtered(listing.ByFlag("contact", "contact")),
		kept(listing.Of(listing.Text, "externalOrganization", func(r *Item) *string { return &r.ExternalOrganization }).Nullable()),
		kept(listing.Of(listing.Text, "function", func(r *Item) *string { return &r.Function }).Nullable()),
		listing.Of(listing.Flag, "volunteer", func(r *Item) *bool { return &r.Volunteer }).Says("Is an active volunteer.").
			Filtered(listing.ByFlag("volunteer", "volunteer")),
		listing.Of(listing.Flag, "internalEmployee", func(r *Item) *bool { return &r.Internal }).Says("The person is shielded: what is known beside the name is for administrators.").
			Filtered(listing.ByFlag("internalEmployee", "internal_employee")),
		listing.Of(listing.Moment, "createdAt", func(r *Item) *time.Time { return &r.CreatedAt }).Sorted("created_at"),
		listing.Of(listing.Moment, "changedAt", func(r *Item) *time.Time { return &r.ChangedAt }),
		listing.Of(listing.Number, "revision", func(r *Item) *int64 { return &r.Revision }),
	}, listing.InDetail(
		kept(listing.Of(listing.Text, "phoneNumber", func(r *Item) *string { return &r.PhoneNumber }).Nullable().Says("The phone number in its one form (E.164); null if it has none.")),
		kept(listing.Of(listing.Day, "birthDate", func(r *Item) *string { return &r.BirthDate })),
		listing.Of(listing.Texts, "employments", func(r *Item) *[]string { return &r.Employments }).
			Says("The days of each employment as an interval of ISO 8601; 2020-01-01/.. has no last day yet."),
	)...),
}.Check()
