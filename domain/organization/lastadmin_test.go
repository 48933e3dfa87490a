package organization

import (
	"testing"

	"sleutelbos/domain/account"
)

// TestTheLastAdministratorStays holds for every way to go: dismissed, or standing down (N-31, N-32).
func TestTheLastAdministratorStays(t *testing.T) {
	ann, bob, cas := AdminAppointed{AccountID: "ann"}, AdminAppointed{AccountID: "bob"}, AdminAppointed{AccountID: "cas"}
	bobDown := AdminStoodDown{AccountID: "bob", Because: BecauseStopped(account.BadgeDisabled)}
	unprotected := registered
	unprotected.Policies.LastAdminProtected = false

	for name, test := range map[string]struct {
		past     []Event
		canLogIn []string
		refused  bool
	}{
		"the only one":                         {[]Event{registered, ann}, []string{"ann"}, true},
		"the only one, not activated":          {[]Event{registered, ann}, nil, true},
		"one of two":                           {[]Event{registered, ann, bob}, []string{"ann", "bob"}, false},
		"one of three":                         {[]Event{registered, ann, bob, cas}, []string{"ann", "bob", "cas"}, false},
		"the second-last, then the last":       {[]Event{registered, ann, bob, cas, AdminDismissed{AccountID: "cas"}, AdminDismissed{AccountID: "bob"}}, []string{"ann", "bob"}, true},
		"where the other stands down":          {[]Event{registered, ann, bob, bobDown}, []string{"ann", "bob"}, true},
		"where the other is back":              {[]Event{registered, ann, bob, bobDown, AdminRestored{AccountID: "bob"}}, []string{"ann", "bob"}, false},
		"where the other cannot log in":        {[]Event{registered, ann, bob}, []string{"ann"}, true},
		"where one of the others can":          {[]Event{registered, ann, bob, cas}, []string{"ann", "cas"}, false},
		"where only one standing down can":     {[]Event{registered, ann, bob, cas, bobDown}, []string{"ann", "bob"}, true},
		"where a stranger can":                 {[]Event{registered, ann, bob}, []string{"ann", "eve"}, true},
		"where nobody can":                     {[]Event{registered, ann, bob}, nil, false},
		"where the other can and this cannot":  {[]Event{registered, ann, bob}, []string{"bob"}, false},
		"the only one, where it does not hold": {[]Event{unprotected, ann}, []string{"ann"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dismiss := given(t, test.past...).When(Dismiss{AccountID: "ann", CanLogIn: test.canLogIn})
			standDown := given(t, test.past...).When(StandDown{AccountID: "ann", Because: BecauseEndDate, CanLogIn: test.canLogIn})
			if test.refused {
				dismiss.ThenRefused(ErrLastAdmin)
				standDown.ThenRefused(ErrLastAdmin)
				return
			}
			dismiss.Then(AdminDismissed{AccountID: "ann"})
			standDown.Then(AdminStoodDown{AccountID: "ann", Because: BecauseEndDate})
		})
	}
}
