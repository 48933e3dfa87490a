package message

// Open records that somebody read a mail in the place of whom it is for. Each time is an event of
// its own: the mail may hold a link that opens the account.
type Open struct{}

func (Open) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	return []Event{Opened{AccountID: s.AccountID}}, nil
}

// Opened says that somebody read a mail in the place of whom it is for.
type Opened struct {
	AccountID string `json:"account_id"`
}

func (Opened) evolve(s State) State { return s }
