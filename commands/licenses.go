package commands

import (
	"context"

	"sleutelbos/commands/engine"
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
func (s *Service) RegisterLicense(ctx context.Context, c *engine.Call, in RegisterLicense) (LicenseMade, error) {
	organizationID, _, err := s.organization(ctx, c, in.OrganizationID, rights.ManageLicenses)
	if err != nil {
		return LicenseMade{}, err
	}
	id, fresh, err := c.NewID("license_id", in.LicenseID)
	if err != nil {
		return LicenseMade{}, err
	}
	_, err = s.licenses.Decide(ctx, c, id, license.Register{
		OrganizationID: organizationID, Name: in.Name, CompanyWide: in.CompanyWide, ShownInSelection: in.ShownInSelection,
	}, engine.Step{Own: true, New: fresh})
	return LicenseMade{id}, err
}

// RequestLicense asks for a license. The license and the account are read, not locked: what
// changes in the same moment is for who decides on the request. One request an account and
// license is open at a time; its claim is released when the request ends.
func (s *Service) RequestLicense(ctx context.Context, c *engine.Call, in RequestLicense) (RequestMade, error) {
	accountID, organizationID, err := s.requester(ctx, c, in.AccountID)
	if err != nil {
		return RequestMade{}, err
	}
	licenseID, ok := engine.ParseID(in.LicenseID)
	if !ok {
		return RequestMade{}, license.ErrNotFound
	}
	l, err := s.licenses.See(ctx, c, licenseID)
	switch {
	case err != nil:
		return RequestMade{}, err
	case !l.State.Exists || l.State.OrganizationID != organizationID:
		return RequestMade{}, license.ErrNotFound
	case l.State.Holders.Has(accountID):
		return RequestMade{}, ErrAlreadyHeld
	}
	if err := l.State.MayBeRequested(); err != nil {
		return RequestMade{}, err
	}
	id, fresh, err := c.NewID("request_id", in.RequestID)
	if err != nil {
		return RequestMade{}, err
	}
	request := licenserequest.Request{
		AccountID: accountID, OrganizationID: organizationID, LicenseID: licenseID, Reason: in.Reason,
		Reservation: s.Reservation(reservation.KindOpenRequest, accountID+"/"+licenseID),
	}
	c.Because(in.Reason)
	if err := s.requests.Check(ctx, c, id, fresh, licenserequest.Command(request)); err != nil {
		return RequestMade{}, err
	}
	claims := c.Claims()
	if err := claims.Wait(ctx, reservation.KindOpenRequest, request.Reservation, id); err != nil {
		return RequestMade{}, err
	}
	_, err = s.requests.Decide(ctx, c, id, request, engine.Step{Own: true, New: fresh})
	return RequestMade{id}, claims.GiveBack(ctx, err)
}

// requester answers for whom a license is asked.
func (s *Service) requester(ctx context.Context, c *engine.Call, given string) (accountID, organizationID string, err error) {
	if err := c.Need(rights.RequestLicenses); err != nil {
		return "", "", err
	}
	id, ok := engine.ParseID(given)
	if !ok {
		return "", "", account.ErrNotFound
	}
	f, err := s.accounts.See(ctx, c, id)
	if err != nil {
		return "", "", err
	}
	if !f.State.Exists {
		return "", "", account.ErrNotFound
	}
	if err := c.Reach(rights.RequestLicenses, f.State.OrganizationID, id, s.accounts.Stream(id), account.ErrNotFound); err != nil {
		return "", "", err
	}
	if f.State.Closed {
		return "", "", account.ErrClosed
	}
	return id, f.State.OrganizationID, nil
}

// ApproveLicense approves a request and gives the license. If a crash falls between the
// two, Sweep gives it.
func (s *Service) ApproveLicense(ctx context.Context, c *engine.Call, in ApproveLicense) (engine.None, error) {
	id, r, err := s.decideRequest(ctx, c, in.RequestID, rights.DecideRequests, licenserequest.Approve{})
	if err != nil {
		return engine.None{}, err
	}
	if err := s.grant(context.WithoutCancel(ctx), c, id, r); err != nil {
		s.Log().ErrorContext(ctx, "an approved license could not be given yet", "request", id, "error", err)
	}
	return engine.None{}, nil
}

func (s *Service) grant(ctx context.Context, c *engine.Call, requestID string, r licenserequest.State) error {
	_, err := s.licenses.Decide(ctx, c, r.LicenseID, license.Grant{
		AccountID: r.AccountID, OrganizationID: r.OrganizationID, Origin: license.OriginRequest, RequestID: requestID,
	}, engine.Step{})
	return err
}

// RejectLicense rejects a request; the requester is told the reason and not who decided.
func (s *Service) RejectLicense(ctx context.Context, c *engine.Call, in RejectLicense) (engine.None, error) {
	c.Because(in.Reason)
	_, _, err := s.decideRequest(ctx, c, in.RequestID, rights.DecideRequests, licenserequest.Reject{Reason: in.Reason})
	return engine.None{}, err
}

// WithdrawLicenseRequest takes a request back.
func (s *Service) WithdrawLicenseRequest(ctx context.Context, c *engine.Call, in WithdrawLicenseRequest) (engine.None, error) {
	_, _, err := s.decideRequest(ctx, c, in.RequestID, rights.RequestLicenses, licenserequest.Withdraw{})
	return engine.None{}, err
}

// decideRequest ends a request and releases its claim.
func (s *Service) decideRequest(ctx context.Context, c *engine.Call, given string, right rights.Right, command licenserequest.Command) (string, licenserequest.State, error) {
	if err := c.Need(right); err != nil {
		return "", licenserequest.State{}, err
	}
	id, ok := engine.ParseID(given)
	if !ok {
		return "", licenserequest.State{}, licenserequest.ErrNotFound
	}
	f, err := s.requests.See(ctx, c, id)
	if err != nil {
		return "", licenserequest.State{}, err
	}
	if !f.State.Exists {
		return "", licenserequest.State{}, licenserequest.ErrNotFound
	}
	if err := c.Reach(right, f.State.OrganizationID, f.State.AccountID, s.requests.Stream(id), licenserequest.ErrNotFound); err != nil {
		return "", licenserequest.State{}, err
	}
	done, err := s.requests.Decide(ctx, c, id, command, engine.Step{Own: true})
	if err == nil {
		c.Release(ctx, done.State.Reservation, id)
	}
	return id, done.State, err
}
