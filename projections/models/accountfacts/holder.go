package accountfacts

import (
	"slices"

	"sleutelbos/domain/account"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// shielded is where what is known of a holder is for few: the name and the username are not
// among it, so that an account can always be linked to.
const shielded listing.Condition = "internal_employee = TRUE"

// ShieldIndex finds the few accounts that are shielded, in a table with the facts.
const ShieldIndex = "CREATE INDEX {index}_internal ON {table} (id) WHERE internal_employee = TRUE;\n"

// Holder is what list and detail show of the holder beside the account itself.
type Holder struct {
	Name     string `db:"name"`
	Nickname string `db:"nickname"`
	Internal bool   `db:"internal_employee"` // shielded: not everyone may see what is known of the holder
	// Street, Postcode, City and PostalCountry are where letters go.
	Street        string `db:"street"`
	Postcode      string `db:"postcode"`
	City          string `db:"city"`
	PostalCountry string `db:"postal_country"`
}

func registerHolder[Row any](t *machinery.Table[Row], facts func(*Row) *Facts) {
	on(t, facts, func(f *Facts, e account.Created) { f.Name = e.Name })
	on(t, facts, func(f *Facts, e account.NameChanged) { f.Name = e.Name })
	on(t, facts, func(f *Facts, e account.NicknameSet) { f.Nickname = e.Nickname })
	on(t, facts, func(f *Facts, e account.PostalAddressChanged) {
		f.Street, f.Postcode, f.City, f.PostalCountry = e.Street, e.Postcode, e.City, e.PostalCountry
	})
	on(t, facts, func(f *Facts, _ account.Shielded) { f.Internal = true })
	on(t, facts, func(f *Facts, _ account.Unshielded) { f.Internal = false })
}

var holderFields = slices.Concat([]listing.Field[Holder]{
	listing.Of(listing.Text, "name", func(h *Holder) *string { return &h.Name }).In(Person, 1).
		SortedBy("sort_name", func(h *Holder) string { return typed.SortKey(h.Name) }),
	listing.Of(listing.Text, "nickname", func(h *Holder) *string { return &h.Nickname }).Nullable().In(Person, 11).Offer().InSearch().
		ForWhere(listing.Confidants, shielded, func(h *Holder) bool { return h.Internal }).
		Filtered(listing.ByFilled("hasNickname", "nickname").Says("Has one, or has none.")),
	listing.Of(listing.Flag, "internalEmployee", func(h *Holder) *bool { return &h.Internal }).
		Says("The account is shielded: its contact data are for administrators and the holder.").
		In(Person, 12).Offer().Filtered(listing.ByFlag("internalEmployee", "internal_employee")),
}, postalFields)

// postalFields are the address to which letters go. It is shown to those who see the other contact data.
var postalFields = []listing.Field[Holder]{
	postalField("street", 13, func(h *Holder) *string { return &h.Street }).
		Filtered(listing.ByFilled("hasPostalAddress", "street").Says("Letters can be posted to it, or can't.")),
	postalField("postcode", 14, func(h *Holder) *string { return &h.Postcode }),
	postalField("city", 15, func(h *Holder) *string { return &h.City }),
	postalField("postalCountry", 16, func(h *Holder) *string { return &h.PostalCountry }),
}

func postalField(name string, place int, at func(*Holder) *string) listing.Field[Holder] {
	return listing.Of(listing.Text, name, at).Nullable().In(Person, place).Offer().InSearch().
		ForWhere(listing.Confidants, shielded, func(h *Holder) bool { return h.Internal })
}

// Contact is what the detail shows of the holder and the list does not.
type Contact struct {
	Email       string `db:"email"`
	Phone       string `db:"phone"`
	Country     string `db:"country"`
	Description string `db:"description"`
}

// RegisterContact folds every event that changes it.
func RegisterContact[Row any](t *machinery.Table[Row], of func(*Row) (*Facts, *Contact)) {
	onContact(t, of, func(c *Contact, e account.Created) {
		c.Email, c.Phone, c.Country, c.Description = typed.ShownMail(e.Email), e.Phone, e.Country, e.Description
	})
	onContact(t, of, func(c *Contact, e account.EmailChanged) { c.Email = typed.ShownMail(e.Email) })
	onContact(t, of, func(c *Contact, e account.PhoneChanged) { c.Phone = e.Phone })
	onContact(t, of, func(c *Contact, e account.CountryChanged) { c.Country = e.Country })
	onContact(t, of, func(c *Contact, e account.DescriptionChanged) { c.Description = e.Description })
}

func onContact[Row, E any](t *machinery.Table[Row], of func(*Row) (*Facts, *Contact), fold func(*Contact, E)) {
	machinery.On(t, machinery.ByAccount, func(row Row, e E, r eventstore.Record) Row {
		facts, contact := of(&row)
		fold(contact, e)
		facts.Touch(r)
		return row
	})
}

var contactFields = listing.InDetail(
	listing.Of(listing.Text, "email", func(c *Contact) *string { return &c.Email }).Nullable().In(Person, 5),
	listing.Of(listing.Text, "phone", func(c *Contact) *string { return &c.Phone }).Nullable().In(Person, 6),
	listing.Of(listing.Text, "country", func(c *Contact) *string { return &c.Country }).Nullable().In(Person, 7),
	listing.Of(listing.Text, "description", func(c *Contact) *string { return &c.Description }).Nullable().In(Person, 8),
)

// ContactFields returns its fields, for a row that has it.
func ContactFields[Row any](facts func(*Row) *Facts, contact func(*Row) *Contact) []listing.Field[Row] {
	fields := listing.Lift(contactFields, contact)
	for i, f := range fields {
		fields[i] = f.ForWhere(listing.Confidants, shielded, func(row *Row) bool { return facts(row).Internal })
	}
	return fields
}
