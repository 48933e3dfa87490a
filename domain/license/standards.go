package license

import (
	"slices"
	"strings"

	"sleutelbos/domain"
)

// MaxStandards is how many standards a license can have.
const MaxStandards = 500

// AddStandard puts a standard into the license, e.g. NEN 7510. Who has the license may read it.
type AddStandard struct {
	Standard string
}

func (c AddStandard) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if err := domain.RequiredText("standard", c.Standard, domain.MaxName); err != nil {
		return nil, err
	}
	switch _, has := s.Standard(c.Standard); {
	case has:
		return nil, nil // it is so already; nothing happened
	case len(s.Standards) >= MaxStandards:
		return nil, ErrManyStandards
	}
	return []Event{StandardAdded(c)}, nil
}

// StandardAdded says that a standard is in the license.
type StandardAdded struct {
	Standard string `json:"standard"`
}

func (e StandardAdded) evolve(s State) State {
	s.Standards = append(slices.Clone(s.Standards), e.Standard)
	return s
}

// RemoveStandard takes a standard out of the license.
type RemoveStandard struct {
	Standard string
}

func (c RemoveStandard) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	standard, has := s.Standard(c.Standard)
	if !has {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{StandardRemoved{OldStandard: standard}}, nil
}

// StandardRemoved says that a standard is no longer in the license.
type StandardRemoved struct {
	OldStandard string `json:"old_standard"`
}

func (e StandardRemoved) evolve(s State) State {
	s.Standards = slices.DeleteFunc(slices.Clone(s.Standards), func(has string) bool { return has == e.OldStandard })
	return s
}

// Standard returns a standard of the license as it is written there. Two spellings that differ in
// case alone are one standard.
func (s State) Standard(given string) (string, bool) {
	i := slices.IndexFunc(s.Standards, func(has string) bool { return strings.EqualFold(has, strings.TrimSpace(given)) })
	if i < 0 {
		return "", false
	}
	return s.Standards[i], true
}
