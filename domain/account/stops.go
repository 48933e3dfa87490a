package account

import (
	"slices"

	"sleutelbos/domain"
)

// Stops are what keeps an account from being used until somebody takes it back. Each stands
// alone: an account can be blocked and disabled at once. What the clock decides, the end date
// and the activation, is not among them.
type Stops struct {
	Closed   bool `json:"closed"`
	Blocked  bool `json:"blocked"`
	Disabled bool `json:"disabled"`
}

// The badges of the stops, which are their names wherever a stop is named.
const (
	BadgeClosed   Badge = "closed"
	BadgeBlocked  Badge = "blocked"
	BadgeDisabled Badge = "disabled"
)

// The refusals of an account that is stopped.
var (
	ErrClosed   = domain.Rule("account-closed", "The account is closed.")
	ErrBlocked  = domain.Rule("account-blocked", "The account is blocked.")
	ErrDisabled = domain.Rule("account-disabled", "The account is disabled.")
)

// stop is one of them.
type stop struct {
	badge   Badge
	refusal error
	holds   func(Stops) bool
}

// stops has each of them once, the strongest first. Whatever looks at all stops ranges over it.
var stops = []stop{
	{BadgeClosed, ErrClosed, func(s Stops) bool { return s.Closed }},
	{BadgeBlocked, ErrBlocked, func(s Stops) bool { return s.Blocked }},
	{BadgeDisabled, ErrDisabled, func(s Stops) bool { return s.Disabled }},
}

// StopBadges returns the badge of every stop, the strongest first.
func StopBadges() []Badge {
	var badges []Badge
	for _, one := range stops {
		badges = append(badges, one.badge)
	}
	return badges
}

// Strongest returns the badge of the strongest stop, empty if there is none.
func (s Stops) Strongest() Badge {
	for _, one := range stops {
		if one.holds(s) {
			return one.badge
		}
	}
	return ""
}

// refusal returns what the strongest stop answers to whoever wants to use the account, nil if
// there is none.
func (s Stops) refusal() error {
	for _, one := range stops {
		if one.holds(s) {
			return one.refusal
		}
	}
	return nil
}

// exceed says whether there is a stop that was not there before.
func (s Stops) exceed(before Stops) bool {
	return slices.ContainsFunc(stops, func(one stop) bool { return one.holds(s) && !one.holds(before) })
}
