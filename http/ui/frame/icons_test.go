package frame

import (
	"testing"

	"sleutelbos/eventstore/catalog"
)

// TestTheCatalogsIconsAreDrawn holds the catalog to pictures that the pages have.
func TestTheCatalogsIconsAreDrawn(t *testing.T) {
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			if icons[e.Icon] == "" {
				t.Errorf("%s has the icon %q, which nobody drew", e.Name, e.Icon)
			}
		}
	}
	for _, g := range catalog.Groups() {
		if icons[g.Icon] == "" {
			t.Errorf("the group %s has the icon %q, which nobody drew", g.Group, g.Icon)
		}
	}
}
