package account

import (
	"errors"
	"testing"

	"sleutelbos/domain"
)

// ask is a Create that is accepted, and changed in one thing.
func ask(change func(*Create)) Create {
	c := Create{
		OrganizationID: "org", Username: "jan@voorbeeld.nl", UsernameReservation: "username-1", Name: "Jan",
		Role: RoleUser, Channel: ChannelMailLink, Now: noon,
	}
	if change != nil {
		change(&c)
	}
	return c
}

// TestCreate holds O-2 and O-4.
func TestCreate(t *testing.T) {
	t.Run("opens an account that waits for its activation", func(t *testing.T) {
		given(t).When(ask(nil)).Then(created)
	})
	t.Run("keeps all that is told", func(t *testing.T) {
		all := created
		all.Email, all.Phone, all.Country, all.Description = "jan@thuis.nl", "+31 (0)15-269", "NL", "Balie"
		all.ValidUntil, all.EndsAt, all.MailToAdmin = "2026-03-02", later, true
		given(t).When(ask(func(c *Create) {
			c.Email, c.Phone, c.Country, c.Description = "jan@thuis.nl", "+31 (0)15-269", "NL", "Balie"
			c.ValidUntil, c.EndsAt, c.MailToAdmin = "2026-03-02", later, true
		})).Then(all)
	})
	t.Run("tells the nickname by itself", func(t *testing.T) {
		given(t).When(ask(func(c *Create) { c.Nickname = "Jantje" })).Then(created, NicknameSet{Nickname: "Jantje"})
	})
	t.Run("tells where letters go, which is whole or not at all", func(t *testing.T) {
		given(t).When(ask(func(c *Create) {
			c.Street, c.Postcode, c.City, c.PostalCountry = "Dorpsstraat 1", "1234ab", "Epe", "NL"
		})).Then(created, moved)
		given(t).When(ask(func(c *Create) { c.City = "Epe" })).ThenRefused(code("street-required"))
	})
	t.Run("is refused with a nickname of two lines", func(t *testing.T) {
		given(t).When(ask(func(c *Create) { c.Nickname = "Jan\nPiet" })).ThenRefused(code("nickname-invalid"))
	})
	t.Run("with an administrator's password is activated, and the password must change", func(t *testing.T) {
		given(t).When(ask(func(c *Create) {
			c.Username, c.Channel, c.Password = "jan", ChannelAdminPassword, &FirstPassword{CredentialID: "password-1", Generated: true}
		})).Then(byAdmin, PasswordSetByAdmin{CredentialID: "password-1", Generated: true}, Activated{}, PasswordChangeRequired{})
	})
	t.Run("with a password to keep", func(t *testing.T) {
		given(t).When(ask(func(c *Create) {
			c.Username, c.Channel, c.Password = "jan", ChannelAdminPassword, &FirstPassword{CredentialID: "password-1", Keep: true}
		})).Then(byAdmin, PasswordSetByAdmin{CredentialID: "password-1"}, Activated{})
	})
	t.Run("of a program is activated without a password", func(t *testing.T) {
		given(t).When(ask(func(c *Create) {
			c.Username, c.Name, c.Role, c.Channel = "webservices@voorbeeld.nl", "Koppeling", RoleService, ChannelAdminPassword
		})).Then(program, Activated{})
	})
	t.Run("of a program with a password asks for no change of it", func(t *testing.T) {
		given(t).When(ask(func(c *Create) {
			c.Username, c.Name, c.Role, c.Channel = "webservices@voorbeeld.nl", "Koppeling", RoleService, ChannelAdminPassword
			c.Password = &FirstPassword{CredentialID: "password-1"}
		})).Then(program, PasswordSetByAdmin{CredentialID: "password-1"}, Activated{})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, created).When(ask(nil)).ThenNothing()
	})
	t.Run("is refused under the id of another", func(t *testing.T) {
		given(t, created).When(ask(func(c *Create) { c.Username = "piet@voorbeeld.nl" })).ThenRefused(ErrExists)
	})
}

func TestCreateAtSetup(t *testing.T) {
	platform := Created{Username: "beheer", UsernameReservation: "username-1", Name: "Jan", Role: RolePlatform, Channel: ChannelSetup}
	setup := ask(func(c *Create) {
		c.OrganizationID, c.Username, c.Role, c.Channel = "", "beheer", RolePlatform, ChannelSetup
	})
	t.Run("with a password of the first administrator's own", func(t *testing.T) {
		c := setup
		c.Password = &FirstPassword{CredentialID: "password-1"}
		given(t).When(c).Then(platform, chosen, Activated{})
	})
	t.Run("without a password, for an API key", func(t *testing.T) {
		given(t).When(setup).Then(platform, Activated{})
	})
	t.Run("is for the platform only", func(t *testing.T) {
		given(t).When(ask(func(c *Create) { c.Channel = ChannelSetup })).ThenRefused(ErrChannelUnknown)
	})
}

func TestCreateIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Create)
		want   error
	}{
		"without an organization":                 {func(c *Create) { c.OrganizationID = "" }, code("organization-id-required")},
		"in an unknown role":                      {func(c *Create) { c.Role = "king" }, ErrRoleUnknown},
		"through an unknown channel":              {func(c *Create) { c.Channel = "fax" }, ErrChannelUnknown},
		"without a username":                      {func(c *Create) { c.Username = "" }, code("username-required")},
		"with a username of two lines":            {func(c *Create) { c.Username = "jan\r\nBcc: x" }, code("username-invalid")},
		"without a claim":                         {func(c *Create) { c.UsernameReservation = "" }, code("username-reservation-required")},
		"without a name":                          {func(c *Create) { c.Name = " " }, code("name-required")},
		"with too long a name":                    {func(c *Create) { c.Name = tooLong[:201] }, code("name-too-long")},
		"with a name written backwards":           {func(c *Create) { c.Name = "Jan\u202e" }, code("name-invalid")},
		"with a mail address that is not":         {func(c *Create) { c.Email = "jan" }, ErrEmailInvalid},
		"with a phone that is not":                {func(c *Create) { c.Phone = "call me" }, domain.ErrPhoneInvalid},
		"with a country that is not":              {func(c *Create) { c.Country = "XX" }, ErrCountryInvalid},
		"with too long a description":             {func(c *Create) { c.Description = tooLong }, code("description-too-long")},
		"with a last day that is no date":         {func(c *Create) { c.ValidUntil, c.EndsAt = "soon", later }, ErrValidUntilInvalid},
		"with a last day without its end":         {func(c *Create) { c.ValidUntil = "2026-12-31" }, ErrValidUntilInvalid},
		"with a last day that is over":            {func(c *Create) { c.ValidUntil, c.EndsAt = "2026-03-01", noon }, ErrValidUntilPast},
		"mailed, without an address":              {func(c *Create) { c.Username = "jan" }, ErrEmailRequired},
		"mailed, with a password":                 {func(c *Create) { c.Password = &FirstPassword{CredentialID: "p"} }, ErrPasswordNotAllowed},
		"by an administrator, without a password": {func(c *Create) { c.Channel = ChannelAdminPassword }, ErrPasswordRequired},
		"with a password without an id": {func(c *Create) {
			c.Channel, c.Password = ChannelAdminPassword, &FirstPassword{}
		}, code("credential-id-required")},
	} {
		t.Run(name, func(t *testing.T) { given(t).When(ask(test.change)).ThenRefused(test.want) })
	}
	t.Run("but mailed without an address it is not, if an administrator gets the mail", func(t *testing.T) {
		_, err := Decider.Decide(State{}, ask(func(c *Create) { c.Username, c.MailToAdmin = "jan", true }))
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestValuesAtTheirLimits(t *testing.T) {
	for name, err := range map[string]error{
		"200 characters of two bytes": validName("é" + tooLong[:199]),
		"2000 characters":             validDescription(tooLong[:2000]),
		"5 of a phone":                domain.OptionalPhone("01234"),
		"30 of a phone":               domain.OptionalPhone("012345678901234567890123456789"),
		"no phone":                    domain.OptionalPhone(""),
		"no country":                  validCountry(""),
		"no mail address":             validEmail(""),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"201 characters":        validName("é" + tooLong[:199] + "x"),
		"2001 characters":       validDescription(tooLong),
		"4 of a phone":          domain.OptionalPhone("0123"),
		"31 of a phone":         domain.OptionalPhone("0123456789012345678901234567890"),
		"no digit in a phone":   domain.OptionalPhone("(+-+-)"),
		"lower case country":    validCountry("nl"),
		"half of two countries": validCountry("D "),
		"no UTF-8":              validName("\xff"),
		"a tab":                 validName("a\tb"),
		"a line separator":      validName("a\u2028b"),
		"an isolate":            validName("a\u2066b"),
	} {
		if _, ok := errors.AsType[*domain.Error](err); !ok {
			t.Errorf("%s: accepted", name)
		}
	}
}
