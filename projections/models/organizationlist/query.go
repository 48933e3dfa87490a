package organizationlist

import (
	"context"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/organization"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Model describes the list of organizations. Who else has an account is for those to know
// who may read accounts.
var Model = listing.Model[Row]{
	Table: Table, Columns: New().Columns(), Organization: "id", Search: "search", Default: "name",
	Owner: func(r *Row) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.ID, Revision: r.Revision}
	},
	Fields: []listing.Field[Row]{
		listing.Of(listing.ID, "id", func(r *Row) *string { return &r.ID }),
		listing.Of(listing.Text, "name", func(r *Row) *string { return &r.Name }).SortedBy("sort_name", func(r *Row) string { return r.SortName }),
		listing.Of(listing.Text, "preset", func(r *Row) *string { return &r.Preset }).
			Filtered(listing.ByOneOf("preset", "preset", domain.Values(organization.Presets()))),
		listing.Of(listing.Texts, "domains", func(r *Row) *[]string { return &r.Domains }),
		listing.Of(listing.IDs, "admins", func(r *Row) *[]string { return &r.Admins }).Says("The accounts that administer it.").For(listing.Colleagues),
		listing.Of(listing.IDs, "adminsOutOfService", func(r *Row) *[]string { return &r.StoodDown }).Says("Of these, who can't sign in.").For(listing.Colleagues),
		listing.Of(listing.Number, "accounts", func(r *Row) *int64 { return &r.Accounts }).Says("Those that are not closed.").For(listing.Colleagues),
		listing.Of(listing.Text, "usernameRule", func(r *Row) *string { return &r.UsernameRule }),
		listing.Of(listing.Texts, "firstChannels", func(r *Row) *[]string { return &r.FirstChannels }),
		listing.Of(listing.Number, "activationMonths", func(r *Row) *int64 { return &r.ActivationMonths }),
		listing.Of(listing.Number, "passwordMinLength", func(r *Row) *int64 { return &r.PasswordMinLength }),
		listing.Of(listing.Number, "passwordMinUpper", func(r *Row) *int64 { return &r.PasswordMinUpper }),
		listing.Of(listing.Number, "passwordMinDigits", func(r *Row) *int64 { return &r.PasswordMinDigits }),
		listing.Of(listing.Flag, "licenses", func(r *Row) *bool { return &r.Licenses }),
		listing.Of(listing.Flag, "regions", func(r *Row) *bool { return &r.Regions }).
			Filtered(listing.ByFlag("regions", "regions")),
		listing.Of(listing.Flag, "roles", func(r *Row) *bool { return &r.Roles }).
			Filtered(listing.ByFlag("roles", "roles")),
		listing.Of(listing.OneOf, "personRequired", func(r *Row) *string { return &r.PersonRequired }).From(domain.Values(organization.PersonRules())).
			Filtered(listing.ByEither("persons", machinery.Equals("person_required", string(organization.PersonNever)).Not(),
				machinery.Equals("person_required", string(organization.PersonNever))).Says("Works with persons, or does not.")),
		listing.Of(listing.Flag, "selfRegistration", func(r *Row) *bool { return &r.SelfRegistration }),
		listing.Of(listing.Flag, "lastAdminProtected", func(r *Row) *bool { return &r.LastAdminProtected }),
		listing.Of(listing.Text, "timeZone", func(r *Row) *string { return &r.TimeZone }),
		sender("Name", func(s *Sender) *string { return &s.SenderName }), sender("Department", func(s *Sender) *string { return &s.SenderDepartment }),
		sender("Street", func(s *Sender) *string { return &s.SenderStreet }), sender("Postcode", func(s *Sender) *string { return &s.SenderPostcode }),
		sender("City", func(s *Sender) *string { return &s.SenderCity }), sender("PostalCountry", func(s *Sender) *string { return &s.SenderPostalCountry }),
		sender("Phone", func(s *Sender) *string { return &s.SenderPhone }), sender("Email", func(s *Sender) *string { return &s.SenderEmail }),
		listing.Of(listing.Moment, "createdAt", func(r *Row) *time.Time { return &r.CreatedAt }).Sorted("created_at"),
		listing.Of(listing.Moment, "changedAt", func(r *Row) *time.Time { return &r.ChangedAt }),
		listing.Of(listing.Number, "revision", func(r *Row) *int64 { return &r.Revision }),
	},
}.Check()

// sender is a field of what letters say of their sender.
func sender(name string, at func(*Sender) *string) listing.Field[Row] {
	return listing.Of(listing.Text, "letterSender"+name, func(r *Row) *string { return at(&r.Sender) }).Nullable()
}

// Get returns one organization. Errors: machinery.ErrNoRow.
func Get(ctx context.Context, db machinery.Reader, id string) (Row, error) {
	return Model.Get(ctx, db, id)
}
