package letter

import "testing"

func TestCreate(t *testing.T) {
	create := Create{AccountID: "ann", OrganizationID: "org", Kind: KindActivationCode, Recipient: "Ann", CredentialID: "code-1"}
	t.Run("makes a letter with the fixed subject", func(t *testing.T) { given(t).When(create).Then(created) })
	t.Run("makes one with login details", func(t *testing.T) {
		c, want := create, created
		c.Kind, want.Kind, want.Subject = KindLoginDetails, KindLoginDetails, "Inloggegevens van ons klantenportaal"
		given(t).When(c).Then(want)
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created).When(create).ThenNothing() })
	t.Run("is refused under the id of another", func(t *testing.T) {
		c := create
		c.CredentialID = "code-2"
		given(t, created).When(c).ThenRefused(ErrExists)
	})
	for want, change := range map[string]func(*Create){
		"account-id-required":      func(c *Create) { c.AccountID = "" },
		"organization-id-required": func(c *Create) { c.OrganizationID = "" },
		"recipient-required":       func(c *Create) { c.Recipient = "" },
		"recipient-invalid":        func(c *Create) { c.Recipient = "Ann\n" },
		"credential-id-required":   func(c *Create) { c.CredentialID = "" },
		"kind-invalid":             func(c *Create) { c.Kind = "love" },
	} {
		t.Run("is refused: "+want, func(t *testing.T) {
			c := create
			change(&c)
			given(t).When(c).ThenRefused(code(want))
		})
	}
}
