package organization

import "slices"

// InService says whether the account is an administrator who does not stand down.
func (s State) InService(accountID string) bool {
	because, appointed := s.Admins[accountID]
	return appointed && because == ""
}

// mayLeave refuses to let the last administrator go: another must be in service, and if
// this one can log in, another must be able to. Who can log in was read outside this
// stream, which is no race: an account once activated stays so, and whatever else stops
// it is decided here first, as standing down.
func (s State) mayLeave(accountID string, canLogIn []string) error {
	if !s.Policies.LastAdminProtected || !s.InService(accountID) {
		return nil
	}
	remains, remainsWithLogin := false, false
	for other := range s.Admins {
		if other == accountID || !s.InService(other) {
			continue
		}
		remains = true
		remainsWithLogin = remainsWithLogin || slices.Contains(canLogIn, other)
	}
	if !remains || slices.Contains(canLogIn, accountID) && !remainsWithLogin {
		return ErrLastAdmin
	}
	return nil
}
