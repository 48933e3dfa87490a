// Package letter holds the rules of a letter on paper to the holder of an account. The
// secret that it tells is not here: the letter names a credential of the vault, which is
// shown once, when the letter is printed.
package letter

import "sleutelbos/domain"

// Kind is what a letter is for.
type Kind string

// The kinds.
const (
	KindActivationCode Kind = "activation_code"
	KindLoginDetails   Kind = "login_details"
)

// Kinds returns every kind.
func Kinds() []Kind { return []Kind{KindActivationCode, KindLoginDetails} }

// Values implements domain.Enumeration.
func (Kind) Values() []string { return domain.Values(Kinds()) }

// subjects are printed on the letters. That of the activation code is prescribed (O-16).
var subjects = map[Kind]string{
	KindActivationCode: "Activatiegegevens van ons klantenportaal",
	KindLoginDetails:   "Inloggegevens van ons klantenportaal",
}

// State is what the rules need.
type State struct {
	Exists, Printed, Sent, Invalid bool
	AccountID                      string
	OrganizationID                 string
	Kind                           Kind
	CredentialID                   string
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the letter as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound       = domain.NotFound("letter-not-found", "There is no such letter.")
	ErrExists         = domain.Rule("letter-exists", "There is another letter with this id.")
	ErrInvalid        = domain.Rule("letter-invalidated", "The letter is no longer valid.")
	ErrPrinted        = domain.Rule("letter-printed", "The letter was printed; its code can't be shown again. Send another activation if it was lost.")
	ErrNotPrinted     = domain.Rule("letter-not-printed", "The letter has not been printed yet.")
	ErrUnprintable    = domain.Rule("letter-unprintable", "The letter can't be printed: a name or the username in it has signs that the letter's fonts lack. Change it, or send the credentials in another way.")
	ErrKindUnknown    = domain.InvalidCode("kind", "kind-invalid", "This is not a kind of letter.")
	ErrBecauseUnknown = domain.InvalidCode("because", "because-invalid", "This is not why a letter loses its validity.")
)

func (s State) existing() error {
	if !s.Exists {
		return ErrNotFound
	}
	return nil
}

// MayBePrinted refuses a letter that is no longer valid.
func (s State) MayBePrinted() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case s.Invalid:
		return ErrInvalid
	}
	return nil
}
