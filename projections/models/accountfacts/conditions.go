package accountfacts

import (
	"strings"

	"sleutelbos/domain/account"
	"sleutelbos/projections/machinery/listing"
)

// The rules about an account as SQL, for lists that can't look at every row. Each is a rule
// of the domain said again; TestConditions holds the two together.
const (
	over    listing.Condition = "(ends_at <> '' AND ends_at <= ?)"
	notOver listing.Condition = "(ends_at = '' OR ends_at > ?)"
)

// usable is the condition that nothing but the activation keeps the account from being used.
var usable = noStop(account.StopBadges()).And(notOver)

// noStop returns the condition that none of these stops holds. A stop has the column of its badge.
func noStop(stops []account.Badge) listing.Condition {
	all := make([]string, len(stops))
	for i, stop := range stops {
		all[i] = "NOT " + string(stop)
	}
	return listing.Condition(strings.Join(all, " AND "))
}

// activationIs has the condition of each activation. The clock may know better than the
// last event: an activation is over at its deadline, whether or not that was recorded yet.
var activationIs = map[account.ActivationStatus]listing.Condition{
	account.StatusNotSent:   "activation = 'not_sent'",
	account.StatusSent:      "(activation = 'sent' AND activation_expires_at > ?)",
	account.StatusExpired:   "(activation = 'expired' OR (activation = 'sent' AND activation_expires_at <= ?))",
	account.StatusCompleted: "activation = 'completed'",
}

// badgeIs has the condition of each badge. No two are true of one account.
var badgeIs = withStops(map[account.Badge]listing.Condition{
	account.BadgeExpired:           noStop(account.StopBadges()).And(over),
	account.BadgeActivationExpired: usable.And(activationIs[account.StatusExpired]),
	account.BadgeActivationNotSent: usable.And(activationIs[account.StatusNotSent]),
	account.BadgeActivationSent:    usable.And(activationIs[account.StatusSent]),
	account.BadgeActive:            usable.And(activationIs[account.StatusCompleted]),
})

// withStops adds the condition of each stop: it holds, and no stronger one does.
func withStops(conditions map[account.Badge]listing.Condition) map[account.Badge]listing.Condition {
	stops := account.StopBadges()
	for i, stop := range stops {
		is := listing.Condition(stop + " = TRUE")
		if i > 0 {
			is = noStop(stops[:i]).And(is)
		}
		conditions[stop] = is
	}
	return conditions
}

// BadgeConditions returns the condition of each badge.
func BadgeConditions() map[account.Badge]listing.Condition { return badgeIs }
