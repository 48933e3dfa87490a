package accountfacts

import (
	"sleutelbos/domain/account"
	"sleutelbos/projections/machinery/listing"
)

// The rules about an account as SQL, for lists that can't look at every row. Each is a rule
// of the domain said again; TestConditions holds the two together.
const (
	over    listing.Condition = "(ends_at <> '' AND ends_at <= ?)"
	notOver listing.Condition = "(ends_at = '' OR ends_at > ?)"
	usable  listing.Condition = "NOT closed AND NOT blocked AND NOT disabled AND " + notOver
)

// activationIs has the condition of each activation. The clock may know better than the
// last event: an activation is over at its deadline, whether or not that was recorded yet.
var activationIs = map[account.ActivationStatus]listing.Condition{
	account.StatusNotSent:   "activation = 'not_sent'",
	account.StatusSent:      "(activation = 'sent' AND activation_expires_at > ?)",
	account.StatusExpired:   "(activation = 'expired' OR (activation = 'sent' AND activation_expires_at <= ?))",
	account.StatusCompleted: "activation = 'completed'",
}

// badgeIs has the condition of each badge. No two are true of one account.
var badgeIs = map[account.Badge]listing.Condition{
	account.BadgeClosed:            "closed = TRUE",
	account.BadgeBlocked:           "NOT closed AND blocked = TRUE",
	account.BadgeDisabled:          "NOT closed AND NOT blocked AND disabled = TRUE",
	account.BadgeExpired:           "NOT closed AND NOT blocked AND NOT disabled AND " + over,
	account.BadgeActivationExpired: usable.And(activationIs[account.StatusExpired]),
	account.BadgeActivationNotSent: usable.And(activationIs[account.StatusNotSent]),
	account.BadgeActivationSent:    usable.And(activationIs[account.StatusSent]),
	account.BadgeActive:            usable.And(activationIs[account.StatusCompleted]),
}

// BadgeConditions returns the condition of each badge.
func BadgeConditions() map[account.Badge]listing.Condition { return badgeIs }
