package license

import "sleutelbos/domain"

// ApproveCompanyWide lets the administrators of the organization give the license to everybody in
// it. That is the provider's word, for each license (N-11).
type ApproveCompanyWide struct{}

func (ApproveCompanyWide) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.CompanyWideApproved:
		return nil, nil // it is so already; nothing happened
	}
	return []Event{CompanyWideApproved{}}, nil
}

// CompanyWideApproved says that the license may be given to everybody in the organization.
type CompanyWideApproved struct{}

func (CompanyWideApproved) evolve(s State) State {
	s.CompanyWideApproved = true
	return s
}

// EnableCompanyWide gives the license to everybody in the organization, without a request.
type EnableCompanyWide struct{}

func (EnableCompanyWide) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.CompanyWide:
		return nil, nil // it is so already; nothing happened
	case !s.CompanyWideApproved:
		return nil, ErrNotApproved
	}
	return []Event{CompanyWideEnabled{}}, nil
}

// CompanyWideEnabled says that everybody in the organization has the license.
type CompanyWideEnabled struct{}

func (CompanyWideEnabled) evolve(s State) State {
	s.CompanyWide = true
	return s
}

// DisableCompanyWide ends that everybody has the license: who asks for it from then on waits for an
// administrator (N-21). Whoever has it by now keeps it, as a license of the account (AMB-N6).
type DisableCompanyWide struct {
	AccountIDs []string // who has it through the organization; Convert gives it to those who are left out
}

func (c DisableCompanyWide) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case !s.CompanyWide:
		return nil, nil // it is so already; nothing happened
	}
	return append(s.converted(c.AccountIDs), CompanyWideDisabled{}), nil
}

// CompanyWideDisabled says that not everybody in the organization has the license any more.
type CompanyWideDisabled struct{}

func (CompanyWideDisabled) evolve(s State) State {
	s.CompanyWide, s.RevokedSince = false, domain.Set{}
	return s
}

// Convert gives the license to accounts that had it through the organization until that ended. What
// was taken from an account since then is not given to it again.
type Convert struct {
	AccountIDs []string
}

func (c Convert) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.CompanyWide:
		return nil, nil // everybody has it again
	}
	return s.converted(c.AccountIDs), nil
}

// converted returns the grants of those among some accounts who do not hold the license themselves.
func (s State) converted(accountIDs []string) []Event {
	var events []Event
	for _, id := range accountIDs {
		if !s.Holders.Has(id) && (s.CompanyWide || !s.RevokedSince.Has(id)) {
			events = append(events, Granted{AccountID: id, OrganizationID: s.OrganizationID, Origin: OriginConverted})
		}
	}
	return events
}
