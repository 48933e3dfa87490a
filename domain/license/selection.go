package license

// ShowInSelection lets account holders choose the license when they ask for one.
type ShowInSelection struct{}

func (ShowInSelection) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.ShownInSelection:
		return nil, nil // it is so already; nothing happened
	}
	return []Event{ShownInSelection{}}, nil
}

// ShownInSelection says that account holders can choose the license when they ask for one.
type ShownInSelection struct{}

func (ShownInSelection) evolve(s State) State {
	s.ShownInSelection = true
	return s
}

// HideFromSelection keeps account holders from asking for the license (N-22). They can still ask for
// a standard in it (N-23).
type HideFromSelection struct{}

func (HideFromSelection) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case !s.ShownInSelection:
		return nil, nil // it is so already; nothing happened
	}
	return []Event{HiddenFromSelection{}}, nil
}

// HiddenFromSelection says that account holders can't ask for the license any more.
type HiddenFromSelection struct{}

func (HiddenFromSelection) evolve(s State) State {
	s.ShownInSelection = false
	return s
}
