package rolegroup

import (
	"slices"
	"testing"

	"sleutelbos/domain/organization"
)

// TestAreas says of each preset whose permissions are offered to it, and of each permission whose it is.
func TestAreas(t *testing.T) {
	for _, p := range organization.Presets() {
		want := Areas()
		switch p {
		case organization.PresetOfficeHeart:
			want = []Area{AreaPortal}
		case organization.PresetKlic:
			want = []Area{AreaKlic}
		case organization.PresetRegiCare, organization.PresetInformat, organization.PresetNEN, organization.PresetOwn:
		}
		if got := AreasOf(p); !slices.Equal(got, want) {
			t.Errorf("%s: %v", p, got)
		}
	}
	var all []Permission
	for _, area := range Areas() {
		all = append(all, area.Permissions()...)
	}
	if !slices.Equal(all, Permissions()) {
		t.Errorf("the permissions of the areas are %v", all)
	}
}
