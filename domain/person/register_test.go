package person

import (
	"strings"
	"testing"

	"sleutelbos/domain/typed"
)

var register = Register{OrganizationID: "org", Name: typed.Name{GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg"}, HomeCountry: "NL", Today: today}

func TestRegister(t *testing.T) {
	t.Run("makes a person known", func(t *testing.T) { given(t).When(register).Then(registered) })
	t.Run("orders the name as the organization's country does", func(t *testing.T) {
		belgian, order := register, registered
		belgian.HomeCountry, order.NameOrder = "BE", typed.PrefixFirst
		given(t).When(belgian).Then(order)
	})
	t.Run("keeps what is known beside the name", func(t *testing.T) {
		c := register
		c.Details = Details[string]{Email: "jan@example.nl", Phone: "06 12345678", BirthDate: "1985-07-30"}
		want := registered
		want.Email, want.Phone, want.PhoneNumber, want.BirthDate = "jan@example.nl", "06 12345678", "+31612345678", "1985-07-30"
		given(t).When(c).Then(want)
	})
	t.Run("says what the person is to the organization (R-4)", func(t *testing.T) {
		c := register
		c.EmployedFrom, c.Contact, c.Volunteer = "2026-04-01", Contact{ExternalOrganization: "CLB Gent", Function: "arts"}, true
		given(t).When(c).Then(registered, EmploymentStarted{From: "2026-04-01"},
			ExternalContactRegistered{ExternalOrganization: "CLB Gent", Function: "arts"}, VolunteerActivated{})
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, registered).When(register).ThenNothing() })
	t.Run("is refused for another person with the id", func(t *testing.T) {
		c := register
		c.Name.GivenName = "Joke"
		given(t, registered).When(c).ThenRefused(ErrExists)
	})
	for name, c := range map[string]struct {
		change func(*Register)
		want   error
	}{
		"no organization":            {func(c *Register) { c.OrganizationID = "" }, code("organization-id-required")},
		"no surname":                 {func(c *Register) { c.Name.Surname = " " }, ErrSurnameRequired},
		"a surname that is too long": {func(c *Register) { c.Name.Surname = strings.Repeat("x", 81) }, code("surname-too-long")},
		"no mail address":            {func(c *Register) { c.Email = "jan" }, ErrEmailInvalid},
		"no phone number":            {func(c *Register) { c.Phone = "bel me" }, code("phone-invalid")},
		"a birth tomorrow":           {func(c *Register) { c.BirthDate = "2026-03-15" }, ErrBirthDateInvalid},
		"a birth long ago":           {func(c *Register) { c.BirthDate = "1899-12-31" }, ErrBirthDateInvalid},
		"a birth on no day":          {func(c *Register) { c.BirthDate = "30-07-1985" }, ErrBirthDateInvalid},
		"employed from no day":       {func(c *Register) { c.EmployedFrom = "1 april" }, ErrFromInvalid},
		"a function nowhere":         {func(c *Register) { c.Contact.Function = "arts" }, code("external-organization-required")},
	} {
		t.Run("is refused with "+name, func(t *testing.T) {
			wrong := register
			c.change(&wrong)
			given(t).When(wrong).ThenRefused(c.want)
		})
	}
	t.Run("takes a birth today", func(t *testing.T) {
		c, want := register, registered
		c.BirthDate, want.BirthDate = today, today
		given(t).When(c).Then(want)
	})
}
