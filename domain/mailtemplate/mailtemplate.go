// Package mailtemplate holds the rules of what the mails of an organization say: a subject and a text
// with placeholders, for each kind of mail and language (O-15). What an organization has not changed
// has the text that is built in.
package mailtemplate

import (
	"maps"
	"slices"

	"sleutelbos/domain"
	"sleutelbos/domain/message"
)

// MaxText is the most characters that the text of a mail may have.
const MaxText = 5000

// Text is what a mail says, with placeholders.
type Text struct{ Subject, Body string }

// State is what the rules need. Values are shared, so nobody changes them in place.
type State struct {
	Texts map[string]Text // by language; those that the organization changed
}

// Held returns what the mail says in a language.
func (s State) Held(template message.Template, language string) Text {
	if text, ok := s.Texts[language]; ok {
		return text
	}
	return BuiltIn(template, language)
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface {
		evolve(State) State
		// Meant returns which text the event is about.
		Meant() About
	}
)

// Decider is a kind of mail of an organization as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// About says which text is meant.
type About struct {
	OrganizationID string
	Template       message.Template
	Language       string
}

func (a About) known() error {
	if err := domain.Identifier("organization_id", a.OrganizationID); err != nil {
		return err
	}
	if !slices.Contains(message.Templates(), a.Template) {
		return message.ErrTemplateUnknown
	}
	if !slices.Contains(message.Languages(), a.Language) {
		return message.ErrLanguageUnknown
	}
	return nil
}

func (s State) with(language string, text Text) State {
	s.Texts = maps.Clone(s.Texts)
	if s.Texts == nil {
		s.Texts = map[string]Text{}
	}
	s.Texts[language] = text
	return s
}

func (s State) without(language string) State {
	s.Texts = maps.Clone(s.Texts)
	delete(s.Texts, language)
	return s
}
