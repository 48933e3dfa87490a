package account

import "time"

// Expire records that the last day of an account is over. The clock sends it. If nothing is
// due nothing happens. Signing in does not depend on it: LoginRefusal looks at the time.
type Expire struct {
	Now time.Time
}

func (c Expire) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if s.Closed || s.Expired || !s.Over(c.Now) {
		return nil, nil // nothing is due
	}
	return []Event{Expired{EndsAt: s.EndsAt}}, nil
}

// Expired says that the last day of an account was over.
type Expired struct {
	EndsAt time.Time `json:"ends_at"`
}

func (Expired) evolve(s State) State {
	s.Expired = true
	return s
}

func (Expired) stops() {}
