package account

import (
	"time"

	"sleutelbos/domain"
)

// ChangeUsername gives an account another username, which the caller has claimed. An
// activation that went to the old one as a mail address loses its force: that mailbox may
// be somebody else's.
type ChangeUsername struct {
	Username            string
	UsernameReservation string // the stream of the claim
	Now                 time.Time
}

func (c ChangeUsername) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), validUsername(c.Username, c.UsernameReservation), s.open()); err != nil {
		return nil, err
	}
	if s.Username == c.Username && s.UsernameReservation == c.UsernameReservation {
		return nil, nil // it is so already; nothing happened
	}
	if s.needsAddress() && address(c.Username, s.Email) == "" {
		return nil, ErrEmailRequired
	}
	changed := UsernameChanged{
		Username: c.Username, OldUsername: s.Username,
		UsernameReservation: c.UsernameReservation, OldUsernameReservation: s.UsernameReservation,
	}
	return append(s.readdress(address(c.Username, s.Email), c.Now), changed), nil
}

// needsAddress says whether mail to the holder is the only way in.
func (s State) needsAddress() bool {
	return !s.Activated && s.Channel.linked() && !s.MailToAdmin
}

// readdress ends an activation that went to another address than the new one.
func (s State) readdress(to string, now time.Time) []Event {
	if s.MailToAdmin || to == s.Address() {
		return nil
	}
	return s.supersede(now)
}

// UsernameChanged says that an account got another username.
type UsernameChanged struct {
	Username               string `json:"username" personal:"yes"`
	OldUsername            string `json:"old_username" personal:"yes"`
	UsernameReservation    string `json:"username_reservation"`
	OldUsernameReservation string `json:"old_username_reservation"`
}

func (e UsernameChanged) evolve(s State) State {
	s.Username, s.UsernameReservation = e.Username, e.UsernameReservation
	return s
}
