package licenses

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
)

// GrantLicense is the body of the command of that name.
type GrantLicense struct {
	LicenseID string `json:"licenseId" format:"uuid"`
	AccountID string `json:"accountId" format:"uuid"`
}

// RevokeLicense is the body of the command of that name.
type RevokeLicense struct {
	LicenseID string `json:"licenseId" format:"uuid"`
	AccountID string `json:"accountId" format:"uuid"`
	Reason    string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
}

// grant gives a license to an account that did not ask for it. The account is read, not locked: if
// it is closed in the same moment, the license is taken back as at every closing.
func (u UseCases) grant(ctx context.Context, c *engine.Call, in GrantLicense) (engine.None, error) {
	id, l, err := u.manageable(ctx, c, in.LicenseID)
	if err == nil {
		err = u.licensed(ctx, c, l.OrganizationID)
	}
	if err != nil {
		return engine.None{}, err
	}
	accountID, holder, err := u.Member(ctx, c, l.OrganizationID, in.AccountID)
	switch {
	case err != nil:
		return engine.None{}, err
	case holder.Closed:
		return engine.None{}, account.ErrClosed
	case l.CompanyWide:
		return engine.None{}, license.ErrCompanyWide
	}
	c.Concerns(l.OrganizationID, accountID, u.Licenses.Stream(id))
	_, err = u.Licenses.Decide(ctx, c, id, license.Grant{AccountID: accountID, OrganizationID: l.OrganizationID, Origin: license.OriginAdmin}, engine.Step{Own: true})
	return engine.None{}, err
}

// revoke takes a license from an account, also where the organization has no licenses any more: a
// right can always be taken away.
func (u UseCases) revoke(ctx context.Context, c *engine.Call, in RevokeLicense) (engine.None, error) {
	c.Because(in.Reason)
	id, l, err := u.manageable(ctx, c, in.LicenseID)
	if err != nil {
		return engine.None{}, err
	}
	accountID, _, err := u.Member(ctx, c, l.OrganizationID, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	c.Concerns(l.OrganizationID, accountID, u.Licenses.Stream(id))
	_, err = u.Licenses.Decide(ctx, c, id, license.Revoke{AccountID: accountID, Because: license.BecauseTakenBack, Reason: in.Reason}, engine.Step{Own: true})
	return engine.None{}, err
}

// licensed refuses an organization that does not work with licenses. What its accounts hold already
// stays as it is, until it is taken from them.
func (u UseCases) licensed(ctx context.Context, c *engine.Call, organizationID string) error {
	o, err := u.Organizations.See(ctx, c, organizationID)
	if err != nil {
		return err
	}
	return o.State.MayHaveLicenses()
}

// manageable returns a license whose holders the asker may choose.
func (u UseCases) manageable(ctx context.Context, c *engine.Call, given string) (string, license.State, error) {
	return u.reach(ctx, c, rights.ManageLicenses, given)
}

// reach returns a license within the reach of a right.
func (u UseCases) reach(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, license.State, error) {
	return u.Licenses.Reached(ctx, c, right, given, license.ErrNotFound, ownerOf)
}

func ownerOf(_ string, s license.State) engine.Owner {
	return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID}
}
