package rolegroup

import (
	"strings"
	"testing"
)

func TestDescribePermission(t *testing.T) {
	describe := DescribePermission{Permission: Shop, Description: "Bestellen in onze winkel"}
	described := PermissionDescribed{Permission: Shop, Description: "Bestellen in onze winkel"}
	t.Run("says what it means here (AMB-O9)", func(t *testing.T) { given(t, created).When(describe).Then(described) })
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, created, described).When(describe).ThenNothing()
		given(t, created).When(DescribePermission{Permission: Shop}).ThenNothing()
	})
	t.Run("tells the description before", func(t *testing.T) {
		given(t, created, described).When(DescribePermission{Permission: Shop, Description: "Anders"}).
			Then(PermissionDescribed{Permission: Shop, Description: "Anders", OldDescription: "Bestellen in onze winkel"})
	})
	t.Run("can be taken away", func(t *testing.T) {
		gone := PermissionDescribed{Permission: Shop, OldDescription: "Bestellen in onze winkel"}
		given(t, created, described).When(DescribePermission{Permission: Shop}).Then(gone)
		given(t, created, described, gone).When(DescribePermission{Permission: Shop}).ThenNothing()
	})
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := Decider.Fold(State{}, created, described)
		Decider.Fold(before, PermissionDescribed{Permission: School, Description: "x"})
		if len(before.Descriptions) != 1 {
			t.Error(before.Descriptions)
		}
	})
	t.Run("takes two thousand characters, and no more", func(t *testing.T) {
		long := DescribePermission{Permission: Shop, Description: strings.Repeat("é", 2000)}
		given(t, created).When(long).Then(PermissionDescribed{Permission: Shop, Description: long.Description})
		long.Description += "é"
		given(t, created).When(long).ThenRefused(code("description-too-long"))
	})
	t.Run("is refused where there is no group", func(t *testing.T) { given(t).When(describe).ThenRefused(ErrNotFound) })
	t.Run("is refused of what is no permission", func(t *testing.T) {
		given(t, created).When(DescribePermission{Permission: "everything"}).ThenRefused(ErrPermissionUnknown)
	})
	t.Run("is refused once archived", func(t *testing.T) {
		given(t, created, Archived{}).When(describe).ThenRefused(ErrArchived)
	})
}
