package ui

import (
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/projections/models/audithistory"
)

// kind is a group of events that readers look for together.
type kind struct {
	Key   string
	Icon  string
	Types []string // as the API's filter takes them
}

// kinds are all groups. An event is of the first that names it; the last has the rest.
var kinds = []kind{
	{"refusals", "warning", []string{"refusal.*"}},
	{"rights", "key", []string{
		"license.*", "licenserequest.*", "organization.admin_*", "account.created.*", "account.blocked.*", "account.unblocked.*", "account.disabled.*",
		"account.enabled.*", "account.closed.*", "account.expired.*", "account.validity_*", "account.api_key_*",
	}},
	{"security", "lock", []string{"account.password_*", "account.activat*", "session.*"}},
	{"mail", "mail", []string{"message.*", "letter.*"}},
	{"details", "edit", []string{"account.*", "organization.*", "reservation.*", "log.*"}},
}

func kindOf(typ string) kind {
	for _, k := range kinds {
		for _, pattern := range k.Types {
			if prefix, _ := strings.CutSuffix(pattern, "*"); strings.HasPrefix(typ, prefix) {
				return k
			}
		}
	}
	return kinds[len(kinds)-1]
}

// typesOf answers the types of a kind among some events, for a filter of the API.
func typesOf(key string, marks []audithistory.Mark) string {
	if key == "" {
		return ""
	}
	var names []string
	seen := map[string]bool{}
	for _, m := range marks {
		if kindOf(m.Type).Key == key && !seen[m.Type] {
			seen[m.Type] = true
			names = append(names, m.Type)
		}
	}
	return strings.Join(names, ",")
}

// iconOf answers the picture of an event.
func iconOf(typ, outcome string) string {
	if outcome == eventstore.OutcomeRefused {
		return "warning"
	}
	for prefix, name := range map[string]string{
		"account.blocked": "block", "account.unblocked": "undo", "account.disabled": "power", "account.enabled": "power", "account.closed": "x",
		"account.created": "plus", "account.activated": "check", "account.activation_sent": "send", "account.validity": "clock", "account.expired": "clock",
		"licenserequest.approved": "check", "licenserequest.rejected": "x", "licenserequest.requested": "inbox", "session.": "user", "letter.": "file",
		"organization.": "building", "log.sealed": "shield",
	} {
		if strings.HasPrefix(typ, prefix) {
			return name
		}
	}
	return kindOf(typ).Icon
}
