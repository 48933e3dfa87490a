package accountdetail

import (
	"slices"
	"time"

	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountfacts"
	"sleutelbos/projections/models/organizationlist"
)

// Item is a row with the name of its organization.
type Item struct {
	Row
	OrganizationName string `db:"organization_name"`
}

// Model describes an account with all its facts: those of the list, and its own.
var Model = listing.Model[Item]{
	Table: Table,
	Columns: New().Columns() + ", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table +
		".organization_id), '') AS organization_name",
	Organization: "organization_id", Account: "id", Default: "name",
	Owner: func(i *Item) listing.Owner {
		return listing.Owner{ID: i.ID, Organization: i.OrganizationID, Account: i.ID, Revision: i.Revision}
	},
	Fields: slices.Concat(
		accountfacts.FieldsOf(func(i *Item) *accountfacts.Facts { return &i.Facts }, func(i *Item) *string { return &i.OrganizationName }),
		accountfacts.ContactFields(func(i *Item) *accountfacts.Facts { return &i.Facts }, func(i *Item) *accountfacts.Contact { return &i.Contact }),
		listing.Lift(own, func(i *Item) *Row { return &i.Row })),
}.Check()

// own are the facts that only the detail shows. Who acted is for those who may know it: a
// holder learns what was decided, not by whom.
var own = listing.InDetail(slices.Concat([]listing.Field[Row]{
	listing.Of(listing.Flag, "mailToAdmin", func(r *Row) *bool { return &r.MailToAdmin }).In(accountfacts.Person, 13),
	listing.Of(listing.Flag, "passwordChangeRequired", func(r *Row) *bool { return &r.PasswordChangeRequired }).In(accountfacts.Activation, 9),
	listing.Of(listing.Moment, "passwordSetAt", func(r *Row) *time.Time { return &r.PasswordSetAt }).In(accountfacts.Activation, 8, "passwordSetBy"),
	listing.Of(listing.Actor, "passwordSetBy", func(r *Row) *string { return &r.PasswordSetBy }).For(listing.Deciders),
	listing.Computed(listing.Number, "codeTriesLeft", codeTriesLeft).Says("Of the letter's code; null where none was sent.").
		Nullable().In(accountfacts.Activation, 7),
	listing.Of(listing.Actor, "createdBy", func(r *Row) *string { return &r.CreatedBy }).For(listing.Deciders),
	listing.Of(listing.Actor, "activationSentBy", func(r *Row) *string { return &r.ActivationSentBy }).For(listing.Deciders),
}, listing.Lift(accountfacts.StopMarkFields, func(r *Row) *accountfacts.StopMarks { return &r.StopMarks }), []listing.Field[Row]{
	listing.Of(listing.Moment, "validitySetAt", func(r *Row) *time.Time { return &r.ValiditySetAt }),
	listing.Of(listing.Actor, "validitySetBy", func(r *Row) *string { return &r.ValiditySetBy }).For(listing.Deciders),
	listing.Of(listing.Texts, "apiKeys", func(r *Row) *[]string { return &r.APIKeys }).
		Says("Of each usable key its id, the beginning of it, and its name.").In(accountfacts.Rights, 2),
})...)

func codeTriesLeft(r *Row, _ time.Time) any {
	if r.CodeTriesLeft < 0 {
		return nil
	}
	return r.CodeTriesLeft
}
