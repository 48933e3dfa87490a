// Package organizationlist lists the organizations, with their rules,
// domains and administrators.
package organizationlist

import (
	"slices"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "organization_list_v1"

// Row is one organization. Accounts counts those that were not closed.
type Row struct {
	ID                 string   `db:"id,key"`
	Name               string   `db:"name"`
	SortName           string   `db:"sort_name"`
	Search             string   `db:"search,search"`
	Preset             string   `db:"preset"`
	UsernameRule       string   `db:"username_rule"`
	FirstChannels      []string `db:"first_channels"`
	ActivationMonths   int64    `db:"activation_months"`
	PasswordMinLength  int64    `db:"password_min_length"`
	PasswordMinUpper   int64    `db:"password_min_upper"`
	PasswordMinDigits  int64    `db:"password_min_digits"`
	Licenses           bool     `db:"licenses"`
	Regions            bool     `db:"regions"`
	Roles              bool     `db:"roles"`
	PersonRequired     string   `db:"person_required"`
	SelfRegistration   bool     `db:"self_registration"`
	LastAdminProtected bool     `db:"last_admin_protected"`
	TimeZone           string   `db:"time_zone"`
	Sender
	Domains   []string  `db:"domains"`
	Admins    []string  `db:"admins"`     // account ids of the appointed
	StoodDown []string  `db:"stood_down"` // of these, who is out of service
	Accounts  int64     `db:"accounts"`
	CreatedAt time.Time `db:"created_at"`
	ChangedAt time.Time `db:"changed_at"`
	Revision  int64     `db:"revision"` // of its own stream: its ETag
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_name ON {table} (sort_name, id);
		CREATE INDEX {index}_created ON {table} (created_at, id);`)
	on(t, registered)
	on(t, func(row Row, e organization.DomainAllowed) Row { row.Domains = with(row.Domains, e.Domain); return row })
	on(t, func(row Row, e organization.DomainWithdrawn) Row {
		row.Domains = without(row.Domains, e.Domain)
		return row
	})
	on(t, func(row Row, e organization.AdminAppointed) Row {
		row.Admins = with(row.Admins, e.AccountID)
		return row
	})
	on(t, adminDismissed)
	on(t, func(row Row, e organization.AdminStoodDown) Row {
		row.StoodDown = with(row.StoodDown, e.AccountID)
		return row
	})
	on(t, func(row Row, e organization.AdminRestored) Row {
		row.StoodDown = without(row.StoodDown, e.AccountID)
		return row
	})
	on(t, letterSenderChanged)
	onPolicies[organization.PasswordPolicyChanged](t)
	onPolicies[organization.ActivationPolicyChanged](t)
	onPolicies[organization.TimeZoneChanged](t)
	onPolicies[organization.UsernameRuleChanged](t)
	onPolicies[organization.PolicyChanged](t)
	machinery.OnKeyed(t, func(e account.Created, _ eventstore.Record) string { return e.OrganizationID }, accountOpened)
	machinery.OnKeyed(t, func(_ account.Closed, r eventstore.Record) string { return r.Envelope.Organization }, accountClosed)
	return t
}

func on[E any](t *machinery.Table[Row], fold func(Row, E) Row) {
	machinery.On(t, machinery.ByStream, func(row Row, e E, r eventstore.Record) Row {
		row = fold(row, e)
		row.ChangedAt, row.Revision = r.Envelope.OccurredAt, r.Revision
		if r.Revision == 0 {
			row.CreatedAt = r.Envelope.OccurredAt
		}
		return row
	})
}

func registered(row Row, e organization.Registered) Row {
	row.Name, row.SortName, row.Preset = e.Name, typed.SortKey(e.Name), string(e.Preset)
	row.Search = typed.Searched(e.Name)
	return row.with(e.InForce())
}

// onPolicies folds an event that changes policies.
func onPolicies[E organization.PolicyEvent](t *machinery.Table[Row]) {
	on(t, func(row Row, e E) Row { return row.with(e.On(row.policies())) })
}

// Persons says whether the organization works with persons.
func (row Row) Persons() bool {
	return row.PersonRequired != "" && row.PersonRequired != string(organization.PersonNever)
}

// policies returns those that a row has.
func (row Row) policies() organization.Policies {
	p := organization.Policies{Basic: organization.Basic{
		UsernameRule: organization.UsernameRule(row.UsernameRule), ActivationMonths: int(row.ActivationMonths),
		Password: organization.PasswordPolicy{MinLength: int(row.PasswordMinLength), MinUpper: int(row.PasswordMinUpper), MinDigits: int(row.PasswordMinDigits)},
		Licenses: row.Licenses, SelfRegistration: row.SelfRegistration, LastAdminProtected: row.LastAdminProtected, TimeZone: row.TimeZone,
	}, Further: organization.Further{Regions: row.Regions, Roles: row.Roles, PersonRequired: organization.PersonRule(row.PersonRequired)}}
	for _, channel := range row.FirstChannels {
		p.FirstChannels = append(p.FirstChannels, account.Channel(channel))
	}
	return p
}

// with returns the row with the policies that lists and menus ask for; the page of the policies
// reads all of them from the events.
func (row Row) with(p organization.Policies) Row {
	row.UsernameRule, row.FirstChannels, row.ActivationMonths = string(p.UsernameRule), domain.Values(p.FirstChannels), int64(p.ActivationMonths)
	row.PasswordMinLength, row.PasswordMinUpper, row.PasswordMinDigits = int64(p.Password.MinLength), int64(p.Password.MinUpper), int64(p.Password.MinDigits)
	row.Licenses, row.SelfRegistration, row.LastAdminProtected = p.Licenses, p.SelfRegistration, p.LastAdminProtected
	row.TimeZone, row.Regions, row.Roles, row.PersonRequired = p.TimeZone, p.Regions, p.Roles, string(p.PersonRequired)
	return row
}

func adminDismissed(row Row, e organization.AdminDismissed) Row {
	row.Admins, row.StoodDown = without(row.Admins, e.AccountID), without(row.StoodDown, e.AccountID)
	return row
}

func accountOpened(row Row, _ account.Created, _ eventstore.Record) Row {
	row.Accounts++
	return row
}

func accountClosed(row Row, _ account.Closed, _ eventstore.Record) Row {
	row.Accounts--
	return row
}

func with(list []string, member string) []string {
	if slices.Contains(list, member) {
		return list
	}
	return append(slices.Clone(list), member)
}

func without(list []string, member string) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(m string) bool { return m == member })
	if len(list) == 0 {
		return nil // as an empty list reads from a table
	}
	return list
}
