package rolegroup

import (
	"slices"
	"testing"
)

// TestValue09_SeventeenPermissionsByName: the permissions of O-23, by their own names.
func TestValue09_SeventeenPermissionsByName(t *testing.T) {
	want := []Permission{
		"klant", "school", "koepel", "hulpmiddel_verplaatsen", "shop", "project", "portaal_app", "permanent_archief", "aanleverpunten", "chat",
		"contactpersonen", "documenten_lezen", "evaluaties", "hulpmiddelen_uitgebreid", "meldingen_lezen", "nieuwe_meldingen", "reageren_op_meldingen",
	}
	if got := PortalPermissions(); !slices.Equal(got, want) || len(got) != 17 {
		t.Errorf("%d permissions: %v", len(got), got)
	}
}

// TestValue22_ThreeIndependentRights gives and takes each of the rights of K-4 without the others.
func TestValue22_ThreeIndependentRights(t *testing.T) {
	all := KlicPermissions()
	if !slices.Equal(all, []Permission{"gebruikersbeheer", "klic_beheer", "monteur"}) {
		t.Fatal(all)
	}
	for chosen := range 1 << len(all) {
		past := []Event{created}
		for i, p := range all {
			past = append(past, PermissionGranted{Permission: p})
			if chosen&(1<<i) == 0 {
				past = append(past, PermissionWithdrawn{Permission: p})
			}
		}
		for i, p := range all {
			if got := Decider.Fold(State{}, past...).Permits(p); got != (chosen&(1<<i) != 0) {
				t.Errorf("of %03b %s is %v", chosen, p, got)
			}
		}
	}
}
