package organization

import "slices"

// InService says whether the account is an administrator who does not stand down.
func (s State) InService(accountID string) bool {
	because, appointed := s.Admins[accountID]
	return appointed && because == ""
}

// mayLeave refuses to let the last administrator go (N-31, AMB-N9). Another one must be in
// service; and if this one can sign in, another one must be able to sign in. The caller read
// who can sign in outside this stream. That is no race: an account that was activated stays
// activated, and everything else that stops an administrator is decided here first, by
// StandDown.
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
