package account

import (
	"cmp"

	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// The most characters that the parts of a name may have. A whole name has room for them.
const (
	maxGivenName     = 80
	maxSurnamePrefix = 30
	maxSurname       = 80
)

// Refusals of the parts of a name.
var (
	ErrSurnameRequired     = domain.InvalidCode("surname", "surname-required", "A name in parts has a surname.")
	ErrNamePartsIncomplete = domain.InvalidCode("surname", "name-parts-incomplete", "Only the whole name is known. Give all of its parts, empty where there is none.")
)

func validParts(n typed.Name) error {
	if n != (typed.Name{}) && !typed.Visible(n.Surname) {
		return ErrSurnameRequired
	}
	return domain.First(
		domain.Text("given_name", n.GivenName, maxGivenName),
		domain.Text("surname_prefix", n.SurnamePrefix, maxSurnamePrefix),
		domain.Text("surname", n.Surname, maxSurname))
}

// NameChange is a request that names the whole name, some parts of it, or both. Nil leaves a thing as
// it is.
type NameChange struct {
	Name, GivenName, SurnamePrefix, Surname *string
}

// over returns the name and the parts that an account has after the request. The whole follows from
// the parts unless the request says it, too. Of another whole alone the parts are not known.
func (c NameChange) over(s State) (string, typed.Name, error) {
	if c.GivenName == nil && c.SurnamePrefix == nil && c.Surname == nil {
		if c.Name == nil || *c.Name == s.Name {
			return s.Name, s.Parts, nil
		}
		return *c.Name, typed.Name{}, validName(*c.Name)
	}
	if s.Parts == (typed.Name{}) && (c.GivenName == nil || c.SurnamePrefix == nil || c.Surname == nil) {
		return "", typed.Name{}, ErrNamePartsIncomplete
	}
	parts := typed.Name{
		GivenName:     *cmp.Or(c.GivenName, &s.Parts.GivenName),
		SurnamePrefix: *cmp.Or(c.SurnamePrefix, &s.Parts.SurnamePrefix),
		Surname:       *cmp.Or(c.Surname, &s.Parts.Surname),
	}
	whole := s.Name
	switch {
	case c.Name != nil:
		whole = *c.Name
	case parts != typed.Name{}:
		whole = parts.String()
	}
	return whole, parts, domain.First(validParts(parts), validName(whole))
}

// inParts returns the event that tells the parts of the name, or none if they are known. The country
// is the organization's.
func (s State) inParts(parts typed.Name, country string) []Event {
	if parts == s.Parts {
		return nil
	}
	e := NamePartsSet{
		GivenName: parts.GivenName, SurnamePrefix: parts.SurnamePrefix, Surname: parts.Surname,
		OldGivenName: s.Parts.GivenName, OldSurnamePrefix: s.Parts.SurnamePrefix, OldSurname: s.Parts.Surname,
	}
	if parts != (typed.Name{}) {
		e.NameOrder = typed.NameOrderIn(country)
	}
	return []Event{e}
}

// NamePartsSet says which parts the name of the holder has, and how lists order them. It is told behind
// the event that tells the whole name. If all are empty the parts are not known (any more).
type NamePartsSet struct {
	GivenName        string          `json:"given_name,omitempty" personal:"yes"`
	SurnamePrefix    string          `json:"surname_prefix,omitempty" personal:"yes"`
	Surname          string          `json:"surname,omitempty" personal:"yes"`
	NameOrder        typed.NameOrder `json:"name_order,omitempty"` // as the organization's country had it
	OldGivenName     string          `json:"old_given_name,omitempty" personal:"yes"`
	OldSurnamePrefix string          `json:"old_surname_prefix,omitempty" personal:"yes"`
	OldSurname       string          `json:"old_surname,omitempty" personal:"yes"`
}

// Parts returns the parts.
func (e NamePartsSet) Parts() typed.Name {
	return typed.Name{GivenName: e.GivenName, SurnamePrefix: e.SurnamePrefix, Surname: e.Surname}
}

func (e NamePartsSet) evolve(s State) State { s.Parts = e.Parts(); return s }
