package licenses

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
)

// ApproveLicense is the body of the command of that name.
type ApproveLicense struct {
	RequestID string `json:"requestId" format:"uuid"`
}

// RejectLicense is the body of the command of that name.
type RejectLicense struct {
	RequestID string `json:"requestId" format:"uuid"`
	Reason    string `json:"reason,omitzero" maxLength:"500" lines:"many" doc:"Shown to who asked."`
}

// WithdrawLicenseRequest is the body of the command of that name.
type WithdrawLicenseRequest struct {
	RequestID string `json:"requestId" format:"uuid"`
}

// approve approves a request and gives the license. If a crash falls between the two, the
// repairs give it.
func (u UseCases) approve(ctx context.Context, c *engine.Call, in ApproveLicense) (engine.None, error) {
	id, r, err := u.decideRequest(ctx, c, in.RequestID, rights.DecideRequests, licenserequest.Approve{}, u.licensed)
	if err != nil {
		return engine.None{}, err
	}
	if err := u.Grant(context.WithoutCancel(ctx), c, id, r); err != nil {
		u.Engine.Log().ErrorContext(ctx, "an approved license could not be given yet", "request", id, "error", err)
	}
	return engine.None{}, nil
}

// Grant gives the license of an approved request to the account that asked for it.
func (u UseCases) Grant(ctx context.Context, c *engine.Call, requestID string, r licenserequest.State) error {
	_, err := u.Licenses.Decide(ctx, c, r.LicenseID, license.Grant{
		AccountID: r.AccountID, OrganizationID: r.OrganizationID, Origin: license.OriginRequest, RequestID: requestID,
	}, engine.Step{})
	return err
}

// reject rejects a request. The requester is told the reason, and not who decided.
func (u UseCases) reject(ctx context.Context, c *engine.Call, in RejectLicense) (engine.None, error) {
	c.Because(in.Reason)
	_, _, err := u.decideRequest(ctx, c, in.RequestID, rights.DecideRequests, licenserequest.Reject{Reason: in.Reason})
	return engine.None{}, err
}

// withdraw takes a request back.
func (u UseCases) withdraw(ctx context.Context, c *engine.Call, in WithdrawLicenseRequest) (engine.None, error) {
	_, _, err := u.decideRequest(ctx, c, in.RequestID, rights.RequestLicenses, licenserequest.Withdraw{})
	return engine.None{}, err
}

// Withdraw takes a request back for an account that is closed, see reactors.Closings.
func (u UseCases) Withdraw(ctx context.Context, c *engine.Call, id string) error {
	request, err := u.Requests.Load(ctx, id)
	if err != nil {
		return err
	}
	_, err = u.Requests.Ends(ctx, c, id, request.State, claimOf, licenserequest.Withdraw{})
	return err
}

// decideRequest ends a request that the asker reaches, and releases its claim.
func (u UseCases) decideRequest(ctx context.Context, c *engine.Call, given string, right rights.Right, command licenserequest.Command, may ...func(context.Context, *engine.Call, string) error) (string, licenserequest.State, error) {
	id, request, err := u.Requests.Reached(ctx, c, right, given, licenserequest.ErrNotFound, requesterOf)
	if err != nil {
		return "", licenserequest.State{}, err
	}
	for _, refuse := range may {
		if err := refuse(ctx, c, request.OrganizationID); err != nil {
			return "", licenserequest.State{}, err
		}
	}
	done, err := u.Requests.Ends(ctx, c, id, request, claimOf, command)
	return id, done.State, err
}

func claimOf(s licenserequest.State) string { return s.Reservation }

func requesterOf(_ string, s licenserequest.State) engine.Owner {
	return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID, Account: s.AccountID}
}
