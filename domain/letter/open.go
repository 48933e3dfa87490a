package letter

// Open records that somebody looked at a letter while its secret can be read. Each time is an event
// of its own: whoever saw the secret could use it.
type Open struct{}

func (Open) decide(s State) ([]Event, error) {
	if err := s.MayBePrinted(); err != nil {
		return nil, err
	}
	if s.Printed {
		return nil, ErrPrinted
	}
	return []Event{Opened{AccountID: s.AccountID}}, nil
}

// Opened says that somebody saw what a letter tells.
type Opened struct {
	AccountID string `json:"account_id"`
}

func (Opened) evolve(s State) State { return s }
