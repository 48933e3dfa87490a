package person

import "sleutelbos/domain"

// Contact is what somebody of another organization is there, e.g. of the center that counsels the
// pupils of a school (I-9).
type Contact struct {
	ExternalOrganization string // its name
	Function             string // what the person does there; may be empty
}

const maxFunction = 100

// RegisterExternalContact makes the person somebody of another organization, or changes what the
// person is there.
type RegisterExternalContact struct {
	Contact
}

func (c RegisterExternalContact) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(),
		domain.RequiredText("external_organization", c.ExternalOrganization, domain.MaxName),
		domain.Text("function", c.Function, maxFunction)); err != nil {
		return nil, err
	}
	if s.Contact == c.Contact {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{ExternalContactRegistered{
		ExternalOrganization: c.ExternalOrganization, Function: c.Function, OldExternalOrganization: s.Contact.ExternalOrganization, OldFunction: s.Contact.Function,
	}}, nil
}

// ExternalContactRegistered says that the person is of another organization, and what there.
type ExternalContactRegistered struct {
	ExternalOrganization    string `json:"external_organization" personal:"yes"`
	Function                string `json:"function,omitempty" personal:"yes"`
	OldExternalOrganization string `json:"old_external_organization,omitempty" personal:"yes"`
	OldFunction             string `json:"old_function,omitempty" personal:"yes"`
}

func (e ExternalContactRegistered) evolve(s State) State {
	s.Contact = Contact{ExternalOrganization: e.ExternalOrganization, Function: e.Function}
	return s
}

// EndExternalContact says that the person is of no other organization any more.
type EndExternalContact struct{}

func (EndExternalContact) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if s.Contact == (Contact{}) {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{ExternalContactEnded{OldExternalOrganization: s.Contact.ExternalOrganization, OldFunction: s.Contact.Function}}, nil
}

// ExternalContactEnded says that the person is of no other organization any more.
type ExternalContactEnded struct {
	OldExternalOrganization string `json:"old_external_organization" personal:"yes"`
	OldFunction             string `json:"old_function,omitempty" personal:"yes"`
}

func (ExternalContactEnded) evolve(s State) State {
	s.Contact = Contact{}
	return s
}
