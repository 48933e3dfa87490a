package rolegroup

import (
	"strings"
	"testing"
)

func TestCreate(t *testing.T) {
	create := Create{OrganizationID: "org", Name: "Standaard", Reservation: "rolegroupname-1"}
	t.Run("gives an organization a role group", func(t *testing.T) { given(t).When(create).Then(created) })
	t.Run("with what it starts with, each once", func(t *testing.T) {
		with := create
		with.Permissions = []Permission{Klant, Shop, Klant}
		given(t).When(with).Then(created, PermissionGranted{Permission: Klant}, PermissionGranted{Permission: Shop})
		given(t, created).When(with).ThenNothing()
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created).When(create).ThenNothing() })
	t.Run("is refused under the id of another", func(t *testing.T) {
		given(t, created).When(Create{OrganizationID: "org", Name: "Anders", Reservation: "r"}).ThenRefused(ErrExists)
		given(t, created).When(Create{OrganizationID: "other", Name: "Standaard", Reservation: "r"}).ThenRefused(ErrExists)
	})
	t.Run("is refused without an organization, a name or a claim", func(t *testing.T) {
		given(t).When(Create{Name: "Standaard", Reservation: "r"}).ThenRefused(code("organization-id-required"))
		given(t).When(Create{OrganizationID: "org", Name: " ", Reservation: "r"}).ThenRefused(code("name-required"))
		given(t).When(Create{OrganizationID: "org", Name: "Standaard"}).ThenRefused(code("reservation-required"))
	})
	t.Run("takes a name of two hundred characters, and no longer one", func(t *testing.T) {
		long := Create{OrganizationID: "org", Name: strings.Repeat("é", 200), Reservation: "r"}
		given(t).When(long).Then(Created{OrganizationID: "org", Name: long.Name, Reservation: "r"})
		long.Name += "é"
		given(t).When(long).ThenRefused(code("name-too-long"))
	})
	t.Run("is refused with what is no permission", func(t *testing.T) {
		with := create
		with.Permissions = []Permission{"everything"}
		given(t).When(with).ThenRefused(ErrPermissionUnknown)
	})
}
