package licenses

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/reservation"
)

// RequestLicense is the body of the command of that name.
type RequestLicense struct {
	RequestID string `json:"requestId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	AccountID string `json:"accountId" format:"uuid"`
	LicenseID string `json:"licenseId" format:"uuid"`
	Reason    string `json:"reason,omitzero" maxLength:"500" lines:"many"`
}

// RequestStandard is the body of the command of that name.
type RequestStandard struct {
	RequestID string `json:"requestId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	AccountID string `json:"accountId" format:"uuid"`
	LicenseID string `json:"licenseId" format:"uuid" doc:"The license that the standard is in."`
	Standard  string `json:"standard" minLength:"1" maxLength:"200"`
	Reason    string `json:"reason,omitzero" maxLength:"500" lines:"many"`
}

// RequestMade is the result of RequestLicense.
type RequestMade struct {
	RequestID string `json:"requestId"`
}

// ErrAlreadyHeld refuses a request for a license that the account has.
var ErrAlreadyHeld = domain.Rule("license-held", "The account has this license already.")

// request asks for a license.
func (u UseCases) request(ctx context.Context, c *engine.Call, in RequestLicense) (RequestMade, error) {
	return u.ask(ctx, c, in, func(l license.State) (string, error) { return "", l.MayBeRequested() })
}

// requestStandard asks for a standard: the administrator is asked to give the license that it is in
// (N-23).
func (u UseCases) requestStandard(ctx context.Context, c *engine.Call, in RequestStandard) (RequestMade, error) {
	request := RequestLicense{RequestID: in.RequestID, AccountID: in.AccountID, LicenseID: in.LicenseID, Reason: in.Reason}
	return u.ask(ctx, c, request, func(l license.State) (string, error) { return l.MayStandardBeRequested(in.Standard) })
}

// ask asks for a license, or for the standard in it that may returns. The license and the account are read, not locked: whoever decides
// on the request sees what they have become. An account can have one open request for a license
// at a time; its claim is released when the request ends.
func (u UseCases) ask(ctx context.Context, c *engine.Call, in RequestLicense, may func(license.State) (standard string, err error)) (RequestMade, error) {
	accountID, organizationID, err := u.requester(ctx, c, in.AccountID)
	if err != nil {
		return RequestMade{}, err
	}
	licenseID, ok := engine.ParseID(in.LicenseID)
	if !ok {
		return RequestMade{}, license.ErrNotFound
	}
	l, err := u.Licenses.See(ctx, c, licenseID)
	switch {
	case err != nil:
		return RequestMade{}, err
	case !l.State.Exists || l.State.OrganizationID != organizationID:
		return RequestMade{}, license.ErrNotFound
	case l.State.Holders.Has(accountID):
		return RequestMade{}, ErrAlreadyHeld
	}
	if err := u.licensed(ctx, c, organizationID); err != nil {
		return RequestMade{}, err
	}
	standard, err := may(l.State)
	if err != nil {
		return RequestMade{}, err
	}
	id, fresh, err := u.Requests.NewID(ctx, c, engine.Naming[licenserequest.State]{
		Field: "request_id", Given: in.RequestID, Right: rights.RequestLicenses, Missing: licenserequest.ErrNotFound, Of: requesterOf,
	})
	if err != nil {
		return RequestMade{}, err
	}
	request := licenserequest.Request{
		AccountID: accountID, OrganizationID: organizationID, LicenseID: licenseID, Standard: standard, Reason: in.Reason,
		Reservation: u.Engine.Reservation(reservation.KindOpenRequest, accountID+"/"+licenseID),
	}
	c.Because(in.Reason)
	return RequestMade{id}, u.Requests.Open(ctx, c, engine.Opening[licenserequest.Command]{
		ID: id, Fresh: fresh, Kind: reservation.KindOpenRequest, Claim: request.Reservation, Command: request,
	})
}

// requester returns the account for which a license is asked, and its organization.
func (u UseCases) requester(ctx context.Context, c *engine.Call, given string) (accountID, organizationID string, err error) {
	id, a, err := u.Accounts.Reached(ctx, c, rights.RequestLicenses, given, account.ErrNotFound, access.OwnerOf)
	if err == nil && a.Closed {
		err = account.ErrClosed
	}
	return id, a.OrganizationID, err
}

// OpenRequests returns what is to be known of the claims that keep a second request from being
// opened while one is open.
func (u UseCases) OpenRequests() engine.Guarded {
	claimed := func(ctx context.Context, holder string) (string, error) {
		f, err := u.Requests.Load(ctx, holder)
		return f.State.Reservation, err
	}
	return engine.Guarded{
		Kind: reservation.KindOpenRequest,
		InUse: func(ctx context.Context, stream, holder string) (bool, error) {
			f, err := u.Requests.Load(ctx, holder)
			return f.State.Open() && f.State.Reservation == stream, err
		},
		Changes: []engine.ClaimChange{
			engine.Uses(func(e licenserequest.Requested) string { return e.Reservation }),
			engine.FreesLast[licenserequest.Approved](claimed),
			engine.FreesLast[licenserequest.Rejected](claimed),
			engine.FreesLast[licenserequest.Withdrawn](claimed),
		},
	}
}
