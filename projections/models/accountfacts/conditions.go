package accountfacts

import (
	"sleutelbos/domain/account"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// The rules about an account as SQL, for lists that can't look at every row. Each is a rule
// of the domain said again; TestConditions holds the two together.
var (
	endless = machinery.Equals("ends_at", "")
	over    = machinery.And(endless.Not().Worded("ends_at <> ''"), machinery.SQL("ends_at <= ?"))
	notOver = machinery.Or(endless, machinery.SQL("ends_at > ?"))
)

// usable is the condition that nothing but the activation keeps the account from being used.
var usable = machinery.And(noStop(account.StopBadges()), notOver)

// noStop returns the condition that none of these stops holds. A stop has the column of its badge.
func noStop(stops []account.Badge) listing.Condition {
	all := make([]listing.Condition, len(stops))
	for i, stop := range stops {
		all[i] = machinery.Is(string(stop)).Not()
	}
	return machinery.And(all...)
}

// activationIs has the condition of each activation. The clock may know better than the
// last event: an activation is over at its deadline, whether or not that was recorded yet.
var activationIs = map[account.ActivationStatus]listing.Condition{
	account.StatusNotSent: recorded(account.StatusNotSent),
	account.StatusSent:    machinery.And(recorded(account.StatusSent), machinery.SQL("activation_expires_at > ?")),
	account.StatusExpired: machinery.Or(recorded(account.StatusExpired),
		machinery.And(recorded(account.StatusSent), machinery.SQL("activation_expires_at <= ?"))),
	account.StatusCompleted: recorded(account.StatusCompleted),
}

func recorded(status account.ActivationStatus) listing.Condition {
	return machinery.Equals("activation", string(status))
}

// badgeIs has the condition of each badge. No two are true of one account.
var badgeIs = withStops(map[account.Badge]listing.Condition{
	account.BadgeExpired:           machinery.And(noStop(account.StopBadges()), over),
	account.BadgeActivationExpired: machinery.And(usable, activationIs[account.StatusExpired]),
	account.BadgeActivationNotSent: machinery.And(usable, activationIs[account.StatusNotSent]),
	account.BadgeActivationSent:    machinery.And(usable, activationIs[account.StatusSent]),
	account.BadgeActive:            machinery.And(usable, activationIs[account.StatusCompleted]),
})

// withStops adds the condition of each stop: it holds, and no stronger one does.
func withStops(conditions map[account.Badge]listing.Condition) map[account.Badge]listing.Condition {
	stops := account.StopBadges()
	for i, stop := range stops {
		is := machinery.Is(string(stop))
		if i > 0 {
			is = machinery.And(noStop(stops[:i]), is)
		}
		conditions[stop] = is
	}
	return conditions
}

// BadgeConditions returns the condition of each badge.
func BadgeConditions() map[account.Badge]listing.Condition { return badgeIs }
