package commands

import (
	"context"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/reservation"
)

// ErrAlreadyHeld refuses a request for a license that the account has.
var ErrAlreadyHeld = domain.Rule("license-held", "The account has this license already.")

// RegisterLicense makes a license of an organization.
func (s *Service) RegisterLicense(ctx context.Context, c *Call, in RegisterLicense) (LicenseMade, error) {
	organizationID, _, err := s.organization(ctx, c, in.OrganizationID, rights.ManageLicenses)
	if err != nil {
		return LicenseMade{}, err
	}
	id, fresh, err := c.newID("license_id", in.LicenseID)
	if err != nil {
		return LicenseMade{}, err
	}
	_, err = s.licenses.decide(ctx, c, id, license.Register{
		OrganizationID: organizationID, Name: in.Name, CompanyWide: in.CompanyWide, ShownInSelection: in.ShownInSelection,
	}, step{own: true, new: fresh})
	return LicenseMade{id}, err
}

// RequestLicense asks for a license. The license and the account are read, not locked: what
// changes in the same moment is for who decides on the request. One request an account and
// license is open at a time; its claim is released when the request ends.
func (s *Service) RequestLicense(ctx context.Context, c *Call, in RequestLicense) (RequestMade, error) {
	accountID, organizationID, err := s.requester(ctx, c, in.AccountID)
	if err != nil {
		return RequestMade{}, err
	}
	licenseID, ok := parseID(in.LicenseID)
	if !ok {
		return RequestMade{}, license.ErrNotFound
	}
	l, err := s.licenses.see(ctx, c, licenseID)
	switch {
	case err != nil:
		return RequestMade{}, err
	case !l.state.Exists || l.state.OrganizationID != organizationID:
		return RequestMade{}, license.ErrNotFound
	case l.state.Holders.Has(accountID):
		return RequestMade{}, ErrAlreadyHeld
	}
	if err := l.state.MayBeRequested(); err != nil {
		return RequestMade{}, err
	}
	id, fresh, err := c.newID("request_id", in.RequestID)
	if err != nil {
		return RequestMade{}, err
	}
	request := licenserequest.Request{
		AccountID: accountID, OrganizationID: organizationID, LicenseID: licenseID, Reason: in.Reason,
		Reservation: s.reservation(reservation.KindOpenRequest, accountID+"/"+licenseID),
	}
	c.because(in.Reason)
	if err := check(ctx, c, s.requests, id, fresh, licenserequest.Command(request)); err != nil {
		return RequestMade{}, err
	}
	var claims claims
	if err := claims.wait(ctx, c, reservation.KindOpenRequest, request.Reservation, id); err != nil {
		return RequestMade{}, err
	}
	_, err = s.requests.decide(ctx, c, id, request, step{own: true, new: fresh})
	return RequestMade{id}, claims.giveBack(ctx, c, err)
}

// requester answers for whom a license is asked.
func (s *Service) requester(ctx context.Context, c *Call, given string) (accountID, organizationID string, err error) {
	if err := c.need(rights.RequestLicenses); err != nil {
		return "", "", err
	}
	id, ok := parseID(given)
	if !ok {
		return "", "", account.ErrNotFound
	}
	f, err := s.accounts.see(ctx, c, id)
	if err != nil {
		return "", "", err
	}
	if !f.state.Exists {
		return "", "", account.ErrNotFound
	}
	if err := c.reach(rights.RequestLicenses, f.state.OrganizationID, id, s.accounts.stream(id), account.ErrNotFound); err != nil {
		return "", "", err
	}
	if f.state.Closed {
		return "", "", account.ErrClosed
	}
	return id, f.state.OrganizationID, nil
}

// ApproveLicense approves a request and gives the license. If a crash falls between the
// two, Sweep gives it.
func (s *Service) ApproveLicense(ctx context.Context, c *Call, in ApproveLicense) (None, error) {
	id, r, err := s.decideRequest(ctx, c, in.RequestID, rights.DecideRequests, licenserequest.Approve{})
	if err != nil {
		return None{}, err
	}
	if err := s.grant(context.WithoutCancel(ctx), c, id, r); err != nil {
		s.Log.ErrorContext(ctx, "an approved license could not be given yet", "request", id, "error", err)
	}
	return None{}, nil
}

func (s *Service) grant(ctx context.Context, c *Call, requestID string, r licenserequest.State) error {
	_, err := s.licenses.decide(ctx, c, r.LicenseID, license.Grant{
		AccountID: r.AccountID, OrganizationID: r.OrganizationID, Origin: license.OriginRequest, RequestID: requestID,
	}, step{})
	return err
}

// RejectLicense rejects a request; the requester is told the reason and not who decided.
func (s *Service) RejectLicense(ctx context.Context, c *Call, in RejectLicense) (None, error) {
	c.because(in.Reason)
	_, _, err := s.decideRequest(ctx, c, in.RequestID, rights.DecideRequests, licenserequest.Reject{Reason: in.Reason})
	return None{}, err
}

// WithdrawLicenseRequest takes a request back.
func (s *Service) WithdrawLicenseRequest(ctx context.Context, c *Call, in WithdrawLicenseRequest) (None, error) {
	_, _, err := s.decideRequest(ctx, c, in.RequestID, rights.RequestLicenses, licenserequest.Withdraw{})
	return None{}, err
}

// decideRequest ends a request and releases its claim.
func (s *Service) decideRequest(ctx context.Context, c *Call, given string, right rights.Right, command licenserequest.Command) (string, licenserequest.State, error) {
	if err := c.need(right); err != nil {
		return "", licenserequest.State{}, err
	}
	id, ok := parseID(given)
	if !ok {
		return "", licenserequest.State{}, licenserequest.ErrNotFound
	}
	f, err := s.requests.see(ctx, c, id)
	if err != nil {
		return "", licenserequest.State{}, err
	}
	if !f.state.Exists {
		return "", licenserequest.State{}, licenserequest.ErrNotFound
	}
	if err := c.reach(right, f.state.OrganizationID, f.state.AccountID, s.requests.stream(id), licenserequest.ErrNotFound); err != nil {
		return "", licenserequest.State{}, err
	}
	done, err := s.requests.decide(ctx, c, id, command, step{own: true})
	if err == nil {
		s.release(ctx, c, done.state.Reservation, id)
	}
	return id, done.state, err
}
