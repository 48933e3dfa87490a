package accounts

import (
	"context"
	"net/http"
	"slices"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/regions"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/regionlist"
	"sleutelbos/projections/models/rolegrouplist"
)

// bulk is something that is done to several accounts at once. What else is known of it (its right,
// its icon, whether it asks why, what takes it back) is declared with the command that its body is
// for.
type bulk struct {
	Key   string
	Takes *taken // what it takes beside the accounts and a reason; nil for nothing
	// LeavesOut returns why an account is passed over to which the command itself could be done; nil for
	// an act that passes over none.
	LeavesOut func(l words.Language, badge string) string
	Body      func(id string, with given) any
}

// given is what an act gets beside the accounts.
type given struct{ Reason, Choice string }

// taken is a field of the form of an act.
type taken struct {
	Label   words.Key
	In      func(organizationlist.Row) bool                                                                   // the organization works with it; nil for every one
	Options func(ctx context.Context, s Section, r *http.Request, c *frame.Choice, organization string) error // nil for a day
}

// What acts take.
var (
	takesDay   = &taken{Label: "account.valid-until"}
	takesGroup = &taken{"account.role-group", func(o organizationlist.Row) bool { return o.Roles }, options(answers.RoleGroups, inUse, func(g rolegrouplist.Item) (string, string, string) {
		return g.ID, g.Name, g.OrganizationName
	})}
	takesRegion = &taken{"selected.region", func(o organizationlist.Row) bool { return o.Regions }, options(answers.Regions, inUse, func(g regionlist.Item) (string, string, string) {
		return g.ID, g.Name, g.OrganizationName
	})}
	takesLicense = &taken{"selected.license", func(o organizationlist.Row) bool { return o.Licenses }, options(answers.Licenses, nil, func(l licenselist.Item) (string, string, string) {
		return l.ID, l.Name, l.OrganizationName
	})}
)

// bulks are the acts, in the order in which the list offers them.
var bulks = []bulk{
	{Key: "send", LeavesOut: leavesOutStopped, Body: func(id string, _ given) any { return activation.SendActivation{AccountID: id} }},
	{Key: "block", Body: func(id string, w given) any { return accounts.BlockAccount{AccountID: id, Reason: w.Reason} }},
	{Key: "unblock", Body: func(id string, w given) any { return accounts.UnblockAccount{AccountID: id, Reason: w.Reason} }},
	{Key: "disable", Body: func(id string, w given) any { return accounts.DisableAccount{AccountID: id, Reason: w.Reason} }},
	{Key: "enable", Body: func(id string, w given) any { return accounts.EnableAccount{AccountID: id, Reason: w.Reason} }},
	{Key: "end-date", Takes: takesDay, Body: func(id string, w given) any { return accounts.SetValidUntil{AccountID: id, ValidUntil: w.Choice} }},
	{Key: "assign-role", Takes: takesGroup, Body: func(id string, w given) any { return rolegroups.AssignRole{AccountID: id, RoleGroupID: w.Choice} }},
	{Key: "revoke-role", Takes: takesGroup, Body: func(id string, w given) any { return rolegroups.RevokeRole{AccountID: id, RoleGroupID: w.Choice} }},
	{Key: "to-region", Takes: takesRegion, Body: func(id string, w given) any {
		return regions.AssignUsersToRegion{RegionID: w.Choice, AccountIDs: []string{id}}
	}},
	{Key: "from-region", Takes: takesRegion, Body: func(id string, w given) any {
		return regions.RemoveUserFromRegion{RegionID: w.Choice, AccountID: id}
	}},
	{Key: "grant-license", Takes: takesLicense, Body: func(id string, w given) any { return licenses.GrantLicense{LicenseID: w.Choice, AccountID: id} }},
	{Key: "revoke-license", Takes: takesLicense, Body: func(id string, w given) any {
		return licenses.RevokeLicense{LicenseID: w.Choice, AccountID: id, Reason: w.Reason}
	}},
	{Key: "close", Body: func(id string, w given) any { return accounts.CloseAccount{AccountID: id, Reason: w.Reason} }},
}

// leavesOutStopped passes over who could do nothing with what is sent.
func leavesOutStopped(l words.Language, badge string) string {
	stopped := stopped(badge)
	if stopped == "" {
		return ""
	}
	return words.Text(l, "selected.left-out") + " " + words.Text(l, "send.stopped-*", stopped)
}

// leftOut returns why the act passes over an account; empty if it does not.
func (b bulk) leftOut(l words.Language, badge string) string {
	if b.LeavesOut == nil {
		return ""
	}
	return b.LeavesOut(l, badge)
}

// button offers the act in the list.
func (b bulk) button() lists.Button {
	return lists.Button{Runs: b.Body("", given{}), Text: words.Member("selected.*", b.Key), Name: "action", Value: b.Key}
}

// offered returns the acts that an organization works with; all of them for "".
func (s Section) offered(ctx context.Context, organization string) []bulk {
	var o organizationlist.Row
	if organization != "" {
		var err error
		if o, err = organizationlist.Get(ctx, s.DB, organization); err != nil {
			organization = "" // then each act says itself what is wrong
		}
	}
	return slices.DeleteFunc(slices.Clone(bulks), func(b bulk) bool {
		return organization != "" && b.Takes != nil && b.Takes.In != nil && !b.Takes.In(o)
	})
}

// in returns the declaration of the command that the act runs.
func (b bulk) in(offers *engine.Commands) engine.Command { return offers.Of(b.Body("", given{})) }

// counter returns the act that takes back what this one did; false if there is none.
func (b bulk) counter(offers *engine.Commands) (bulk, bool) {
	undoes := b.in(offers).UndoneBy
	i := slices.IndexFunc(bulks, func(other bulk) bool { return undoes != "" && other.in(offers).Name == undoes })
	if i < 0 {
		return bulk{}, false
	}
	return bulks[i], true
}

func bulkOf(key string) (bulk, error) {
	i := slices.IndexFunc(bulks, func(b bulk) bool { return b.Key == key })
	if i < 0 {
		return bulk{}, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	return bulks[i], nil
}

// inUse leaves out what was archived.
var inUse = listing.Fits{"archived": "false"}

// options offers what a list has, by name, as far as the reader may see it.
func options[Row, One any](thing answers.Thing[Row, One], fits listing.Fits, of func(Row) (id, name, organization string)) func(context.Context, Section, *http.Request, *frame.Choice, string) error {
	return func(ctx context.Context, s Section, r *http.Request, c *frame.Choice, organization string) error {
		found, err := thing.Find(ctx, s.Source, s.Reach.Asker(r, "List"+thing.Names), listing.Question{Organization: organization, Fits: fits, Query: c.Query()})
		for _, row := range found.Items {
			id, name, owner := of(row)
			if organization == "" && owner != "" {
				name += " (" + owner + ")"
			}
			c.Options = append(c.Options, frame.Option{Value: id, Label: name})
		}
		c.Cut(found.Total, len(found.Items))
		return err
	}
}
