package message

import "sleutelbos/domain"

// MarkFailed records an attempt that failed. If it was the last, the message is given up in the
// same decision, so that no crash leaves one behind that nobody tries any more.
type MarkFailed struct {
	Error string // a code; never the server's own text, which may hold addresses
	Final bool   // trying again can't help
	Most  int    // how many attempts there are; with this many failed ones it is given up
}

func (c MarkFailed) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("error", c.Error)); err != nil {
		return nil, err
	}
	switch {
	case s.Sent:
		return nil, ErrAlreadySent
	case s.GivenUp:
		return nil, ErrGivenUp
	}
	failed := Failed{AccountID: s.AccountID, Attempt: s.Attempts + 1, Error: c.Error}
	if c.Final || failed.Attempt >= c.Most {
		return []Event{failed, GivenUp{AccountID: s.AccountID, Attempts: failed.Attempt}}, nil
	}
	return []Event{failed}, nil
}

// Failed says that an attempt to send failed.
type Failed struct {
	AccountID string `json:"account_id"`
	Attempt   int    `json:"attempt"` // 1, 2, …
	Error     string `json:"error"`   // a code
}

func (e Failed) evolve(s State) State {
	s.Attempts = e.Attempt
	return s
}

// GivenUp says that a mail will not be sent, unless somebody asks for it.
type GivenUp struct {
	AccountID string `json:"account_id"`
	Attempts  int    `json:"attempts"`
}

func (GivenUp) evolve(s State) State {
	s.GivenUp = true
	return s
}
