package person

import (
	"cmp"
	"slices"
	"strings"
)

// Employment is a time in which the organization employs a person. Its days are what was so, as far
// as is known; when that was recorded is the time of the event. So both can be asked: who was
// employed on a day, and what was known of it on another.
type Employment struct {
	From  string // the first day, "2006-01-02"
	Until string // the last day; empty while no end is known
}

// Has says whether a day lies within the employment.
func (e Employment) Has(day string) bool { return e.From <= day && (e.Until == "" || day <= e.Until) }

func (e Employment) overlaps(other Employment) bool {
	return (other.Until == "" || e.From <= other.Until) && (e.Until == "" || other.From <= e.Until)
}

// EmployedOn says whether the person was employed on a day.
func (s State) EmployedOn(day string) bool {
	return slices.ContainsFunc(s.Employments, func(e Employment) bool { return e.Has(day) })
}

// employment returns the employment that began on a day; the last one for no day.
func (s State) employment(from string) (Employment, error) {
	if len(s.Employments) == 0 {
		return Employment{}, ErrNotEmployed
	}
	from = cmp.Or(from, s.Employments[len(s.Employments)-1].From)
	i := slices.IndexFunc(s.Employments, func(e Employment) bool { return e.From == from })
	if i < 0 {
		return Employment{}, ErrNotEmployed
	}
	return s.Employments[i], nil
}

// Employed returns employments with one more among them.
func Employed(all []Employment, e Employment) []Employment {
	all = append(slices.Clone(all), e)
	slices.SortFunc(all, func(a, b Employment) int { return strings.Compare(a.From, b.From) })
	return all
}

// Lasting returns employments of which the one that began on a day has another last day.
func Lasting(all []Employment, from, until string) []Employment {
	all = slices.Clone(all)
	for i := range all {
		if all[i].From == from {
			all[i].Until = until
		}
	}
	return all
}

// Unemployed returns employments without the one that began on a day.
func Unemployed(all []Employment, from string) []Employment {
	return slices.DeleteFunc(slices.Clone(all), func(e Employment) bool { return e.From == from })
}

// StartEmployment says that the organization employs the person from a day on, which may be over or
// to come, until a last day if one is known.
type StartEmployment struct {
	From, Until string
}

func (c StartEmployment) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	wanted := Employment(c)
	if err := wanted.valid(); err != nil {
		return nil, err
	}
	if slices.Contains(s.Employments, wanted) {
		return nil, nil // it is so already; nothing happened
	}
	if slices.ContainsFunc(s.Employments, wanted.overlaps) {
		return nil, ErrEmployed
	}
	return []Event{EmploymentStarted(c)}, nil
}

func (e Employment) valid() error {
	switch {
	case !isDay(e.From):
		return ErrFromInvalid
	case e.Until != "" && (!isDay(e.Until) || e.Until < e.From):
		return ErrUntilInvalid
	}
	return nil
}

// EmploymentStarted says that the organization employs the person from a day on.
type EmploymentStarted struct {
	From  string `json:"from"`
	Until string `json:"until,omitempty"` // the last day, if it is known from the start
}

func (e EmploymentStarted) evolve(s State) State {
	s.Employments = Employed(s.Employments, Employment(e))
	return s
}
