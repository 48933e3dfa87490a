package region

import (
	"strings"
	"testing"
)

func TestCreate(t *testing.T) {
	create := Create(created)
	t.Run("gives an organization a region", func(t *testing.T) { given(t).When(create).Then(created) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created).When(create).ThenNothing() })
	t.Run("is refused under the id of another", func(t *testing.T) {
		given(t, created).When(Create{OrganizationID: "org", Name: "Schieland", Reservation: "r"}).ThenRefused(ErrExists)
	})
	t.Run("is refused under the id of another organization's", func(t *testing.T) {
		given(t, created).When(Create{OrganizationID: "other", Name: "Delfland", Reservation: "r"}).ThenRefused(ErrExists)
	})
	t.Run("is refused without an organization", func(t *testing.T) {
		given(t).When(Create{Name: "Delfland", Reservation: "r"}).ThenRefused(code("organization-id-required"))
	})
	t.Run("is refused without a name", func(t *testing.T) {
		given(t).When(Create{OrganizationID: "org", Name: " ", Reservation: "r"}).ThenRefused(code("name-required"))
	})
	t.Run("takes a name of two hundred characters, and no longer one", func(t *testing.T) {
		long := Create{OrganizationID: "org", Name: strings.Repeat("é", 200), Reservation: "r"}
		given(t).When(long).Then(Created(long))
		long.Name += "é"
		given(t).When(long).ThenRefused(code("name-too-long"))
	})
	t.Run("is refused without a claim of the name", func(t *testing.T) {
		given(t).When(Create{OrganizationID: "org", Name: "Delfland"}).ThenRefused(code("reservation-required"))
	})
}
