package person

// ActivateVolunteer says that the person works for the organization as a volunteer.
type ActivateVolunteer struct{}

func (ActivateVolunteer) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil || s.Volunteer {
		return nil, err
	}
	return []Event{VolunteerActivated{}}, nil
}

// VolunteerActivated says that the person is an active volunteer.
type VolunteerActivated struct{}

func (VolunteerActivated) evolve(s State) State { s.Volunteer = true; return s }

// DeactivateVolunteer ends that.
type DeactivateVolunteer struct{}

func (DeactivateVolunteer) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil || !s.Volunteer {
		return nil, err
	}
	return []Event{VolunteerDeactivated{}}, nil
}

// VolunteerDeactivated says that the person is no active volunteer any more.
type VolunteerDeactivated struct{}

func (VolunteerDeactivated) evolve(s State) State { s.Volunteer = false; return s }
