package answers

import (
	"slices"

	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountfacts"
)

// FactGroup is a part of an account as it is drawn.
type FactGroup struct {
	Key    listing.Group
	Fields []listing.About
}

// AccountFacts returns the facts of an account in the order in which they are drawn. The
// story of a fact is drawn with it.
func AccountFacts() []FactGroup {
	var groups []FactGroup
	for _, key := range accountfacts.Groups() {
		group := FactGroup{Key: key}
		for _, f := range Accounts.Whole.Abouts(true) {
			if f.Group == key {
				group.Fields = append(group.Fields, f)
			}
		}
		slices.SortFunc(group.Fields, func(a, b listing.About) int { return a.Place - b.Place })
		groups = append(groups, group)
	}
	return groups
}
