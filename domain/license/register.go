package license

import "sleutelbos/domain"

// Register gives an organization a license.
type Register struct {
	OrganizationID   string
	Name             string
	CompanyWide      bool // everyone has it, without a request
	Approved         bool // the provider registers it, who decides on that
	ShownInSelection bool // it can be requested
}

func (c Register) decide(s State) ([]Event, error) {
	if err := domain.First(
		domain.Identifier("organization_id", c.OrganizationID),
		domain.RequiredText("name", c.Name, domain.MaxName)); err != nil {
		return nil, err
	}
	if s.Exists {
		if s.OrganizationID == c.OrganizationID && s.Name == c.Name {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	if c.CompanyWide && !c.Approved {
		return nil, ErrNotApproved
	}
	return []Event{Registered{c.OrganizationID, c.Name, c.CompanyWide, c.ShownInSelection}}, nil
}

// Registered says that an organization got a license. One that is company-wide from the beginning is
// approved as such.
type Registered struct {
	OrganizationID   string `json:"organization_id"`
	Name             string `json:"name"`
	CompanyWide      bool   `json:"company_wide"`
	ShownInSelection bool   `json:"shown_in_selection"`
}

func (e Registered) evolve(s State) State {
	s.Exists, s.OrganizationID, s.Name = true, e.OrganizationID, e.Name
	s.CompanyWide, s.CompanyWideApproved, s.ShownInSelection = e.CompanyWide, e.CompanyWide, e.ShownInSelection
	return s
}
