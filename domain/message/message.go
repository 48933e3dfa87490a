// Package message holds the rules of one mail, which is queued, tried, and sent or given
// up. Its text is in a template, and its secrets are in the vault; neither is here.
package message

import "sleutelbos/domain"

// State is what the rules need.
type State struct {
	Exists, Sent, GivenUp bool
	AccountID             string
	OrganizationID        string
	Template              Template
	Attempts              int // failed ones
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the message as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound         = domain.NotFound("message-not-found", "There is no such message.")
	ErrExists           = domain.Rule("message-exists", "There is another message with this id.")
	ErrAlreadySent      = domain.Rule("message-sent", "The message has been sent already.")
	ErrGivenUp          = domain.Rule("message-given-up", "Sending the message was given up.")
	ErrRecipientInvalid = domain.InvalidCode("recipient", "recipient-invalid", "This is not a mail address.")
	ErrTemplateUnknown  = domain.InvalidCode("template", "template-invalid", "This is not a kind of mail.")
	ErrLanguageUnknown  = domain.InvalidCode("language", "language-invalid", "The languages are nl and en.")
)

func (s State) existing() error {
	if !s.Exists {
		return ErrNotFound
	}
	return nil
}
