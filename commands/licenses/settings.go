package licenses

import (
	"context"
	"strings"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/license"
	"sleutelbos/eventstore"
)

// ApproveCompanyWide is the body of the command of that name.
type ApproveCompanyWide struct {
	LicenseID string `json:"licenseId" format:"uuid"`
}

// EnableCompanyWide is the body of the command of that name.
type EnableCompanyWide struct {
	LicenseID string `json:"licenseId" format:"uuid"`
}

// DisableCompanyWide is the body of the command of that name.
type DisableCompanyWide struct {
	LicenseID string `json:"licenseId" format:"uuid"`
}

// ShowInSelection is the body of the command of that name.
type ShowInSelection struct {
	LicenseID string `json:"licenseId" format:"uuid"`
}

// HideFromSelection is the body of the command of that name.
type HideFromSelection struct {
	LicenseID string `json:"licenseId" format:"uuid"`
}

// AddStandard is the body of the command of that name.
type AddStandard struct {
	LicenseID string `json:"licenseId" format:"uuid"`
	Standard  string `json:"standard" minLength:"1" maxLength:"200" doc:"E.g. NEN 7510. Whoever has the license may read it."`
}

// RemoveStandard is the body of the command of that name.
type RemoveStandard struct {
	LicenseID string `json:"licenseId" format:"uuid"`
	Standard  string `json:"standard" minLength:"1" maxLength:"200"`
}

// settings returns what can be asked of a license itself: whom it is for, who can ask for it, and what is in it.
func (u UseCases) settings(on engine.Option) []engine.Command {
	guard := engine.Guard[license.State, license.Command, license.Event]{
		Aggregate: u.Licenses, Target: engine.Target{Category: "license", Member: "licenseId"}, Reach: u.reach,
	}
	return []engine.Command{
		engine.OneStream(guard, "ApproveCompanyWide", rights.ApproveCompanyWide, "Lets the administrators of the organization make a license company-wide, as was agreed with them.",
			func(_ *engine.Call, in ApproveCompanyWide) (string, license.Command) {
				return in.LicenseID, license.ApproveCompanyWide{}
			}, engine.Icon("check")),
		engine.Handled("EnableCompanyWide", rights.ManageLicenses, "Gives a license to everybody in the organization, without a request.",
			u.enableCompanyWide, on, engine.UndoneBy[DisableCompanyWide](), engine.Icon("users")),
		engine.Handled("DisableCompanyWide", rights.ManageLicenses, "Ends that everybody has a license. Whoever has it by now keeps it; who comes later asks for it.",
			u.disableCompanyWide, on, engine.UndoneBy[EnableCompanyWide](), engine.Icon("key")),
		engine.OneStream(guard, "ShowInSelection", rights.ManageLicenses, "Lets account holders ask for a license.",
			func(_ *engine.Call, in ShowInSelection) (string, license.Command) {
				return in.LicenseID, license.ShowInSelection{}
			}, engine.UndoneBy[HideFromSelection](), engine.Icon("check")),
		engine.OneStream(guard, "HideFromSelection", rights.ManageLicenses, "Keeps account holders from asking for a license.",
			func(_ *engine.Call, in HideFromSelection) (string, license.Command) {
				return in.LicenseID, license.HideFromSelection{}
			}, engine.UndoneBy[ShowInSelection](), engine.Icon("block")),
		engine.OneStream(guard, "AddStandard", rights.ManageLicenses, "Puts a standard into a license; account holders can ask for it.",
			func(_ *engine.Call, in AddStandard) (string, license.Command) {
				return in.LicenseID, license.AddStandard{Standard: strings.TrimSpace(in.Standard)}
			}, engine.UndoneBy[RemoveStandard](), engine.Icon("plus")),
		engine.OneStream(guard, "RemoveStandard", rights.ManageLicenses, "Takes a standard out of a license.",
			func(_ *engine.Call, in RemoveStandard) (string, license.Command) {
				return in.LicenseID, license.RemoveStandard{Standard: in.Standard}
			}, engine.UndoneBy[AddStandard](), engine.Icon("x"), engine.TakesAway()),
	}
}

// Members finds who is in an organization. It may be behind, see Convert.
type Members interface {
	// Members returns accounts of an organization that are not closed, and were created by a moment, in
	// the order of their ids from behind one on, at most so many. It waits until it knows the log up to
	// a position; for the zero position it does not wait.
	Members(ctx context.Context, organizationID string, q MembersAsked) ([]string, error)
}

// MembersAsked says which members are asked for.
type MembersAsked struct {
	At        eventstore.Position
	CreatedBy time.Time
	Domain    string // of the username; empty for any
	After     string // an id; empty for the first
	Limit     int
}

// convertedAtOnce is how many accounts get a license in one append.
const convertedAtOnce = 500

// enableCompanyWide gives a license to everybody.
func (u UseCases) enableCompanyWide(ctx context.Context, c *engine.Call, in EnableCompanyWide) (engine.None, error) {
	id, l, err := u.manageable(ctx, c, in.LicenseID)
	if err == nil {
		err = u.licensed(ctx, c, l.OrganizationID)
	}
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.Licenses.Decide(ctx, c, id, license.EnableCompanyWide{}, engine.Step{Own: true})
	return engine.None{}, err
}

// disableCompanyWide ends that everybody has a license. In the same append the first accounts get it
// as their own; the reactor calls Convert for the others, and for those whom the read models did not
// know yet.
func (u UseCases) disableCompanyWide(ctx context.Context, c *engine.Call, in DisableCompanyWide) (engine.None, error) {
	id, l, err := u.manageable(ctx, c, in.LicenseID)
	if err != nil {
		return engine.None{}, err
	}
	members, err := u.Members.Members(ctx, l.OrganizationID, MembersAsked{CreatedBy: c.Now, Limit: convertedAtOnce})
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.Licenses.Decide(ctx, c, id, license.DisableCompanyWide{AccountIDs: members}, engine.Step{Own: true})
	return engine.None{}, err
}

// Convert gives a license to everybody who had it through the organization until an event ended that.
// Whoever has it by now, or lost it since, is passed over, so it can be done again after a crash.
func (u UseCases) Convert(ctx context.Context, c *engine.Call, rec eventstore.Record) error {
	q := MembersAsked{At: rec.Position, CreatedBy: rec.Envelope.OccurredAt, Limit: convertedAtOnce}
	for {
		members, err := u.Members.Members(ctx, rec.Envelope.Organization, q)
		if err != nil || len(members) == 0 {
			return err
		}
		if _, err := u.Licenses.Decide(ctx, c, rec.AggregateID(), license.Convert{AccountIDs: members}, engine.Step{}); err != nil {
			return err
		}
		q.After = members[len(members)-1]
	}
}
