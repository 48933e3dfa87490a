package accounts

import (
	"context"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/accountlist"
)

// badges are the badges of accounts in the order in which they are offered: by how an
// account gets on, and then by what stops it.
var badges = []account.Badge{
	account.BadgeActive, account.BadgeActivationNotSent, account.BadgeActivationSent, account.BadgeActivationExpired,
	account.BadgeBlocked, account.BadgeDisabled, account.BadgeExpired, account.BadgeClosed,
}

// savedFilters are the questions that are asked often.
func savedFilters(now time.Time) []lists.Fits {
	saved := []lists.Fits{{Key: "all"}}
	for _, badge := range badges {
		if badge == account.BadgeClosed {
			continue // it is the last
		}
		saved = append(saved, lists.Fits{Key: string(badge), Values: map[string]string{"badge": string(badge)}})
	}
	return append(saved,
		lists.Fits{Key: "ends-soon", Values: map[string]string{"validUntilBefore": frame.SoonDay(now, now.Location()), "expired": "false"}},
		lists.Fits{Key: "without-roles", Values: map[string]string{"withoutRoles": "true", "role": string(account.RoleUser)}, For: usesRoles},
		lists.Fits{Key: "service", Values: map[string]string{"role": string(account.RoleService)}},
		lists.Fits{Key: "closed", Values: map[string]string{"badge": string(account.BadgeClosed)}})
}

// usesRoles reports whether the reader sees accounts that get what they reach from roles.
func usesRoles(v *lists.View) bool {
	has, err := frame.Works(v.Request.Context(), v.Site.DB, v.Who, frame.WithRoles)
	return err == nil && has // an error is one of the list as well, which says it
}

// countBadges counts the saved filters that ask for a badge, and all accounts, at once.
func countBadges(ctx context.Context, v *lists.View) (map[string]int64, error) {
	counts, err := accountlist.Counts(ctx, v.Site.DB, v.Scope, v.Site.Now())
	if err != nil {
		return nil, err
	}
	all := int64(0)
	for badge, n := range counts {
		if badge != string(account.BadgeClosed) {
			all += n
		}
	}
	counts["all"] = all
	return counts, nil
}
