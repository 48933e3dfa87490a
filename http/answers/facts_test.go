package answers_test

import (
	"slices"
	"testing"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// TestEveryFactIsDrawn asks each fact of an account for its place in the detail and for its
// label in every language.
func TestEveryFactIsDrawn(t *testing.T) {
	// The page is about an id and its organization; no rule locks an account yet.
	drawn, places := map[string]bool{"id": true, "organizationId": true, "locked": true}, map[listing.Group]map[int]string{}
	for _, group := range answers.AccountFacts() {
		places[group.Key] = map[int]string{}
		for _, f := range group.Fields {
			if other := places[group.Key][f.Place]; other != "" {
				t.Errorf("%s and %s are both at place %d of %s", other, f.Name, f.Place, group.Key)
			}
			places[group.Key][f.Place] = f.Name
			for _, name := range append(slices.Clone(f.Story), f.Name) {
				drawn[name] = true
			}
			for _, l := range words.Languages {
				if !words.HasField(l, f.Name) {
					t.Errorf("%s has no label in %s", f.Name, l)
				}
			}
		}
	}
	for _, f := range answers.Accounts.Whole.Abouts(true) {
		if !drawn[f.Name] && !f.Bookkeeping {
			t.Errorf("%s is neither drawn nor told with another fact", f.Name)
		}
	}
}

// TestWhoActedIsForSome asks each field that tells who acted for whom it is.
func TestWhoActedIsForSome(t *testing.T) {
	asked := 0
	for _, thing := range answers.Things() {
		for _, query := range thing.Queries(answers.Source{}) {
			for _, f := range query.Shape.Fields {
				if f.Kind == listing.Actor {
					if asked++; f.Audience != listing.Deciders {
						t.Errorf("%s: %s is not kept to those who may know it", query.ID, f.Name)
					}
				}
			}
		}
	}
	if asked < 9 {
		t.Errorf("asked of %d fields only", asked)
	}
}

// TestEveryAudienceIsNamedAfterARight asks of each that somebody has the right of its name.
func TestEveryAudienceIsNamedAfterARight(t *testing.T) {
	provider := rights.Principal{Role: rights.RolePlatform}
	for _, audience := range listing.Audiences() {
		if provider.May(rights.Right(audience)) != rights.ScopeAll {
			t.Errorf("the provider's staff don't have the right %s", audience)
		}
	}
}
