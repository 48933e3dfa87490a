package letter

// MarkPrinted records that a letter was printed. Its secret is not shown again.
type MarkPrinted struct{}

func (MarkPrinted) decide(s State) ([]Event, error) {
	if err := s.MayBePrinted(); err != nil {
		return nil, err
	}
	if s.Printed {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Printed{AccountID: s.AccountID}}, nil
}

// Printed says that a letter was printed.
type Printed struct {
	AccountID string `json:"account_id"`
}

func (Printed) evolve(s State) State {
	s.Printed = true
	return s
}
