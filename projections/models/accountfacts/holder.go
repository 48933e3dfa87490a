package accountfacts

import (
	"cmp"
	"slices"

	"sleutelbos/domain/account"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// shielded is where what is known of a holder is for few: the name and the username are not
// among it, so that an account can always be linked to.
var shielded = machinery.Is("internal_employee")

// ShieldIndex finds the few accounts that are shielded, in a table with the facts.
const ShieldIndex = "CREATE INDEX {index}_internal ON {table} (id) WHERE internal_employee = TRUE;\n"

// Holder is what list and detail show of the holder beside the account itself.
type Holder struct {
	Name          string `db:"name"`
	GivenName     string `db:"given_name"` // the parts are empty if they are not known
	SurnamePrefix string `db:"surname_prefix"`
	Surname       string `db:"surname"`
	// ListedName is the name as lists show it, what it is sorted by in front: the parts in the order of
	// the organization's country, or the whole where they are not known.
	ListedName string `db:"listed_name"`
	Nickname   string `db:"nickname"`
	Internal   bool   `db:"internal_employee"` // shielded: not everyone may see what is known of the holder
	// Street, Postcode, City and PostalCountry are where letters go.
	Street        string `db:"street"`
	Postcode      string `db:"postcode"`
	City          string `db:"city"`
	PostalCountry string `db:"postal_country"`
}

func registerHolder[Row any](t *machinery.Table[Row], facts func(*Row) *Facts) {
	on(t, facts, func(f *Facts, e account.Created) { f.named(e.Name) })
	on(t, facts, func(f *Facts, e account.NameChanged) { f.named(e.Name) })
	on(t, facts, func(f *Facts, e account.NamePartsSet) {
		f.GivenName, f.SurnamePrefix, f.Surname = e.GivenName, e.SurnamePrefix, e.Surname
		f.ListedName = cmp.Or(e.Parts().Listed(e.NameOrder), f.Name)
	})
	on(t, facts, func(f *Facts, e account.NicknameSet) { f.Nickname = e.Nickname })
	on(t, facts, func(f *Facts, e account.PostalAddressChanged) {
		f.Street, f.Postcode, f.City, f.PostalCountry = e.Street, e.Postcode, e.City, e.PostalCountry
	})
	on(t, facts, func(f *Facts, _ account.Shielded) { f.Internal = true })
	on(t, facts, func(f *Facts, _ account.Unshielded) { f.Internal = false })
}

// named gives the holder another whole name. The parts that are known are those of the new one, too,
// unless the event behind it says otherwise.
func (h *Holder) named(whole string) {
	h.Name = whole
	if h.Parts() == (typed.Name{}) {
		h.ListedName = whole
	}
}

// Parts returns the parts of the name.
func (h *Holder) Parts() typed.Name {
	return typed.Name{GivenName: h.GivenName, SurnamePrefix: h.SurnamePrefix, Surname: h.Surname}
}

var holderFields = slices.Concat([]listing.Field[Holder]{
	listing.Of(listing.Text, "name", func(h *Holder) *string { return &h.Name }).In(Person, 1).
		SortedBy("sort_name", func(h *Holder) string { return typed.SortKey(h.ListedName) }),
	listing.Of(listing.Text, "givenName", func(h *Holder) *string { return &h.GivenName }).Nullable().In(Person, 2).
		Says("The parts of the name are null if only the whole is known."),
	listing.Of(listing.Text, "surnamePrefix", func(h *Holder) *string { return &h.SurnamePrefix }).Nullable().In(Person, 3),
	listing.Of(listing.Text, "surname", func(h *Holder) *string { return &h.Surname }).Nullable().In(Person, 4),
	listing.Of(listing.Text, "nickname", func(h *Holder) *string { return &h.Nickname }).Nullable().In(Person, 15).Offer().InSearch().
		ForWhere(listing.Confidants, shielded, func(h *Holder) bool { return h.Internal }).
		Filtered(listing.ByFilled("hasNickname", "nickname").Says("Has one, or has none.")),
	listing.Of(listing.Flag, "internalEmployee", func(h *Holder) *bool { return &h.Internal }).
		Says("The account is shielded: its contact data are for administrators and the holder.").
		In(Person, 16).Offer().Filtered(listing.ByFlag("internalEmployee", "internal_employee")),
}, postalFields)

// postalFields are the address to which letters go. It is shown to those who see the other contact data.
var postalFields = []listing.Field[Holder]{
	postalField("street", 17, func(h *Holder) *string { return &h.Street }).
		Filtered(listing.ByFilled("hasPostalAddress", "street").Says("Letters can be posted to it, or can't.")),
	postalField("postcode", 18, func(h *Holder) *string { return &h.Postcode }),
	postalField("city", 19, func(h *Holder) *string { return &h.City }),
	postalField("postalCountry", 20, func(h *Holder) *string { return &h.PostalCountry }),
}

// PostalNames are the names of the members that are the address together.
func PostalNames() []string {
	names := make([]string, len(postalFields))
	for i, f := range postalFields {
		names[i] = f.Name
	}
	return names
}

func postalField(name string, place int, at func(*Holder) *string) listing.Field[Holder] {
	return listing.Of(listing.Text, name, at).Nullable().In(Person, place).Offer().InSearch().
		ForWhere(listing.Confidants, shielded, func(h *Holder) bool { return h.Internal })
}

// Contact is what the detail shows of the holder and the list does not.
type Contact struct {
	Email       string `db:"email"`
	Phone       string `db:"phone"`
	PhoneNumber string `db:"phone_number"` // in its one form
	Country     string `db:"country"`
	Description string `db:"description"`
}

// RegisterContact folds every event that changes it.
func RegisterContact[Row any](t *machinery.Table[Row], of func(*Row) (*Facts, *Contact)) {
	onContact(t, of, func(c *Contact, e account.Created) {
		c.Email, c.Country, c.Description = typed.ShownMail(e.Email), e.Country, e.Description
		c.Phone, c.PhoneNumber = e.Phone, cmp.Or(e.PhoneNumber, typed.PhoneNumber(e.Phone, ""))
	})
	onContact(t, of, func(c *Contact, e account.EmailChanged) { c.Email = typed.ShownMail(e.Email) })
	onContact(t, of, func(c *Contact, e account.PhoneChanged) {
		c.Phone, c.PhoneNumber = e.Phone, cmp.Or(e.PhoneNumber, typed.PhoneNumber(e.Phone, ""))
	})
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
	listing.Of(listing.Text, "email", func(c *Contact) *string { return &c.Email }).Nullable().In(Person, 8),
	listing.Of(listing.Text, "phone", func(c *Contact) *string { return &c.Phone }).Nullable().In(Person, 9),
	listing.Of(listing.Text, "phoneNumber", func(c *Contact) *string { return &c.PhoneNumber }).Nullable().In(Person, 10).
		Says("The phone number in its one form (E.164), in whichever way it was typed; null if it has none."),
	listing.Of(listing.Text, "country", func(c *Contact) *string { return &c.Country }).Nullable().In(Person, 11),
	listing.Of(listing.Text, "description", func(c *Contact) *string { return &c.Description }).Nullable().In(Person, 12),
)

// ContactFields returns its fields, for a row that has it.
func ContactFields[Row any](facts func(*Row) *Facts, contact func(*Row) *Contact) []listing.Field[Row] {
	fields := listing.Lift(contactFields, contact)
	for i, f := range fields {
		fields[i] = f.ForWhere(listing.Confidants, shielded, func(row *Row) bool { return facts(row).Internal })
	}
	return fields
}
