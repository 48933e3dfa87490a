package history

import (
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/projections/models/audithistory"
)

// groupOf returns the group of a stored name. Whatever a history holds is in the catalog.
func groupOf(typ string) catalog.Group {
	event, _ := catalog.Find(typ)
	return event.Group
}

// typesOf returns the types of a group among some events, for a filter of the API.
func typesOf(group catalog.Group, marks []audithistory.Mark) string {
	if group == "" {
		return ""
	}
	var names []string
	seen := map[string]bool{}
	for _, m := range marks {
		if groupOf(m.Type) == group && !seen[m.Type] {
			seen[m.Type] = true
			names = append(names, m.Type)
		}
	}
	return strings.Join(names, ",")
}

// iconOf returns the picture of an event.
func iconOf(typ, outcome string) string {
	if outcome == eventstore.OutcomeRefused {
		return "warning"
	}
	event, _ := catalog.Find(typ)
	return event.Icon
}
