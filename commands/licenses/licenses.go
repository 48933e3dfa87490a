// Package licenses has the use cases of licenses and of the requests for them.
package licenses

import (
	"context"
	"slices"

	"sleutelbos/commands/access"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/license"
)

// UseCases are the commands of licenses and requests.
type UseCases struct {
	access.Access
	Licenses *aggregates.Licenses
	Requests *aggregates.Requests
	Members  Members
}

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	on := engine.ActsOn(engine.Target{Category: "licenserequest", Member: "requestId"})
	onLicense := engine.ActsOn(engine.Target{Category: "license", Member: "licenseId"})
	return slices.Concat(u.settings(onLicense), []engine.Command{
		engine.Handled("RegisterLicense", rights.ManageLicenses, "Registers a license of an organization.", u.register, engine.Icon("plus")),
		engine.Handled("GrantLicense", rights.ManageLicenses, "Gives a license to an account, without a request.",
			u.grant, onLicense, engine.UndoneBy[RevokeLicense](), engine.Icon("key")),
		engine.Handled("RevokeLicense", rights.ManageLicenses, "Takes a license from an account.",
			u.revoke, onLicense, engine.UndoneBy[GrantLicense](), engine.Icon("x"), engine.TakesAway()),
		engine.Handled("RequestLicense", rights.RequestLicenses, "Asks for a license for an account.",
			u.request, engine.UndoneBy[WithdrawLicenseRequest](), engine.Reads(func(in RequestLicense) []engine.Read {
				return []engine.Read{u.Accounts.Read(in.AccountID), u.Licenses.Read(in.LicenseID)}
			}), engine.Icon("send")),
		engine.Handled("RequestStandard", rights.RequestLicenses, "Asks for a standard for an account, and so for the license that it is in, also for one that is hidden.",
			u.requestStandard, engine.UndoneBy[WithdrawLicenseRequest](), engine.Reads(func(in RequestStandard) []engine.Read {
				return []engine.Read{u.Accounts.Read(in.AccountID), u.Licenses.Read(in.LicenseID)}
			}), engine.Icon("send")),
		engine.Handled("ApproveLicense", rights.DecideRequests, "Approves a license request; the license is granted.", u.approve, on, engine.Icon("check")),
		engine.Handled("RejectLicense", rights.DecideRequests, "Rejects a license request.", u.reject, on, engine.Icon("x"), engine.TakesAway()),
		engine.Handled("WithdrawLicenseRequest", rights.RequestLicenses, "Takes one's license request back.",
			u.withdraw, on, engine.UndoneBy[RequestLicense](), engine.Icon("undo")),
	})
}

// RegisterLicense is the body of the command of that name.
type RegisterLicense struct {
	LicenseID        string `json:"licenseId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	OrganizationID   string `json:"organizationId" format:"uuid"`
	Name             string `json:"name" minLength:"1" maxLength:"200"`
	CompanyWide      bool   `json:"companyWide,omitzero" doc:"Everybody in the organization has it. Only the provider can say so here."`
	ShownInSelection bool   `json:"shownInSelection,omitzero" doc:"Holders may choose it when they ask."`
}

// LicenseMade is the result of RegisterLicense.
type LicenseMade struct {
	LicenseID string `json:"licenseId"`
}

// register makes a license of an organization.
func (u UseCases) register(ctx context.Context, c *engine.Call, in RegisterLicense) (LicenseMade, error) {
	organizationID, o, err := u.Organization(ctx, c, rights.ManageLicenses, in.OrganizationID)
	if err != nil {
		return LicenseMade{}, err
	}
	id, fresh, err := u.Licenses.NewID(ctx, c, engine.Naming[license.State]{
		Field: "license_id", Given: in.LicenseID, Right: rights.ManageLicenses, Missing: license.ErrNotFound, Of: ownerOf,
	})
	if err == nil && fresh {
		err = o.MayHaveLicenses() // a retry of what was done is harmless
	}
	if err != nil {
		return LicenseMade{}, err
	}
	_, err = u.Licenses.Decide(ctx, c, id, license.Register{
		OrganizationID: organizationID, Name: in.Name, CompanyWide: in.CompanyWide, ShownInSelection: in.ShownInSelection,
		Approved: c.Actor.Reaches(rights.ApproveCompanyWide, organizationID, ""),
	}, engine.Step{Own: true, New: fresh})
	return LicenseMade{id}, err
}
