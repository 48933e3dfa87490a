// Package rights says who may do what. It is the one matrix of roles and rights: what is not
// granted there is denied. It refuses to look anything up: who an asker is has been found
// out before.
package rights

import (
	"slices"

	"sleutelbos/eventstore"
)

// Right is something that an asker may do or see.
type Right string

// The rights.
const (
	ManageOrganizations Right = "ManageOrganizations" // register, set policies
	ManageDomains       Right = "ManageDomains"
	ManageAdmins        Right = "ManageAdmins"
	ManageAccounts      Right = "ManageAccounts"
	ManageAPIKeys       Right = "ManageAPIKeys"
	ManagePersons       Right = "ManagePersons" // register persons, and say what they are to the organization
	ManageShields       Right = "ManageShields" // shield an account or a person as an internal employee's, and lift that
	ManageLicenses      Right = "ManageLicenses"
	ApproveCompanyWide  Right = "ApproveCompanyWide" // let an organization give a license to everybody in it
	DecideRequests      Right = "DecideRequests"
	RequestLicenses     Right = "RequestLicenses"
	ManageRegions       Right = "ManageRegions"
	ManageRoles         Right = "ManageRoles"     // role groups, and who has them
	ManageLetters       Right = "ManageLetters"   // open, mark as printed or sent
	ManageTemplates     Right = "ManageTemplates" // what the mails of an organization say
	OwnAccount          Right = "OwnAccount"      // sign out, choose a password, see oneself

	ReadAccounts       Right = "ReadAccounts"
	ReadPersons        Right = "ReadPersons"
	ReadLicenses       Right = "ReadLicenses"
	ReadRequests       Right = "ReadRequests"
	ReadRegions        Right = "ReadRegions"
	ReadRoles          Right = "ReadRoles"
	ReadOrganizations  Right = "ReadOrganizations"
	ReadHistory        Right = "ReadHistory"
	ReadAudit          Right = "ReadAudit"
	ReadLetters        Right = "ReadLetters"
	ReadMessages       Right = "ReadMessages"
	ReadEvents         Right = "ReadEvents" // the event feed
	ReadProjections    Right = "ReadProjections"
	RebuildProjections Right = "RebuildProjections"
	PassOverEvents     Right = "PassOverEvents" // let every reader pass over an event that the program can't read
	ReadDecider        Right = "ReadDecider"    // who decided on a license request
	ReadShielded       Right = "ReadShielded"   // what is kept of a shielded account or person; whoever manages shields needs it
)

// Scope is how far a right reaches.
type Scope int

// The scopes, each within the next.
const (
	ScopeNone Scope = iota // what is not granted is denied
	ScopeSelf              // the asker's own account and what concerns it
	ScopeOrganization
	ScopeAll
)

// Role is what an asker may do here, found from the aggregates: an account that its
// organization appointed is an admin, whatever it was created as.
type Role string

// The roles.
const (
	RoleNone       Role = "" // nobody signed in
	RolePlatform   Role = "platform"
	RoleAdmin      Role = "admin"
	RoleCompliance Role = "compliance"
	RoleService    Role = "service"
	RoleUser       Role = "user"
	RoleSystem     Role = "system" // the program itself: reactors, clock, start
)

// PlatformOrganization is the id of the provider's own organization, made at the start.
const PlatformOrganization = "00000000-0000-7000-8000-000000000001"

// granted is the one matrix: what is not in it is denied.
var granted = map[Role]map[Right]Scope{
	RolePlatform: {
		ManageOrganizations: ScopeAll, ManageDomains: ScopeAll, ManageAdmins: ScopeAll, ManageAccounts: ScopeAll,
		ManageAPIKeys: ScopeAll, ManageLicenses: ScopeAll, ApproveCompanyWide: ScopeAll, DecideRequests: ScopeAll, RequestLicenses: ScopeAll,
		ManageRegions: ScopeAll, ManageRoles: ScopeAll, ManagePersons: ScopeAll, ManageLetters: ScopeAll, ManageTemplates: ScopeAll, ManageShields: ScopeAll, OwnAccount: ScopeSelf,
		ReadAccounts: ScopeAll, ReadPersons: ScopeAll, ReadLicenses: ScopeAll, ReadRequests: ScopeAll, ReadRegions: ScopeAll, ReadRoles: ScopeAll, ReadOrganizations: ScopeAll,
		ReadHistory: ScopeAll, ReadAudit: ScopeAll, ReadLetters: ScopeAll, ReadMessages: ScopeAll, ReadEvents: ScopeAll,
		ReadProjections: ScopeAll, RebuildProjections: ScopeAll, PassOverEvents: ScopeAll, ReadDecider: ScopeAll, ReadShielded: ScopeAll,
	},
	RoleAdmin: {
		ManageAdmins: ScopeOrganization, ManageAccounts: ScopeOrganization, ManageAPIKeys: ScopeOrganization,
		ManageLicenses: ScopeOrganization, DecideRequests: ScopeOrganization, RequestLicenses: ScopeOrganization,
		ManageRegions: ScopeOrganization, ManageRoles: ScopeOrganization, ManagePersons: ScopeOrganization, ManageLetters: ScopeOrganization, ManageTemplates: ScopeOrganization, ManageShields: ScopeOrganization, OwnAccount: ScopeSelf,
		ReadAccounts: ScopeOrganization, ReadPersons: ScopeOrganization, ReadLicenses: ScopeOrganization, ReadRequests: ScopeOrganization, ReadRegions: ScopeOrganization, ReadRoles: ScopeOrganization,
		ReadOrganizations: ScopeOrganization, ReadHistory: ScopeOrganization, ReadAudit: ScopeOrganization,
		ReadLetters: ScopeOrganization, ReadMessages: ScopeOrganization, ReadEvents: ScopeOrganization,
		ReadDecider: ScopeOrganization, ReadShielded: ScopeOrganization,
	},
	// Compliance changes nothing but its own password (BIO2 5.03). In the provider's own
	// organization its reach is everything, see May.
	RoleCompliance: {
		OwnAccount:   ScopeSelf,
		ReadAccounts: ScopeOrganization, ReadPersons: ScopeOrganization, ReadLicenses: ScopeOrganization, ReadRequests: ScopeOrganization, ReadRegions: ScopeOrganization, ReadRoles: ScopeOrganization,
		ReadOrganizations: ScopeOrganization, ReadHistory: ScopeOrganization, ReadAudit: ScopeOrganization,
		ReadLetters: ScopeOrganization, ReadMessages: ScopeOrganization, ReadEvents: ScopeOrganization,
		ReadProjections: ScopeOrganization, ReadDecider: ScopeOrganization, ReadShielded: ScopeSelf,
	},
	RoleService: {
		ManageAccounts: ScopeOrganization, ManagePersons: ScopeOrganization, OwnAccount: ScopeSelf,
		ReadAccounts: ScopeOrganization, ReadPersons: ScopeOrganization, ReadLicenses: ScopeOrganization, ReadRequests: ScopeOrganization, ReadRoles: ScopeOrganization,
		ReadOrganizations: ScopeOrganization, ReadHistory: ScopeOrganization, ReadEvents: ScopeOrganization,
		ReadShielded: ScopeSelf,
	},
	RoleUser: {
		RequestLicenses: ScopeSelf, OwnAccount: ScopeSelf,
		ReadAccounts: ScopeSelf, ReadLicenses: ScopeOrganization, ReadRequests: ScopeSelf, ReadRegions: ScopeSelf,
		ReadOrganizations: ScopeOrganization, ReadHistory: ScopeSelf, ReadShielded: ScopeSelf,
	},
}

// creates says with which roles an asker may create accounts, and of which roles it may
// manage them.
var creates = map[Role][]Role{
	RolePlatform: {RoleUser, RoleAdmin, RoleCompliance, RoleService, RolePlatform},
	RoleAdmin:    {RoleUser, RoleAdmin, RoleCompliance, RoleService},
	RoleService:  {RoleUser},
}

// Principal is an asker whose identity has been established.
type Principal struct {
	Kind         string // eventstore.ActorAccount, ActorSystem or ActorStranger
	AccountID    string // for the system the name of the part that acts
	Name         string
	Role         Role
	Organization string
	// PasswordChangeRequired leaves the asker nothing but OwnAccount until it is done.
	PasswordChangeRequired bool
	// Epoch counts how often the account's sessions were ended. A session of an earlier one is
	// over.
	Epoch int
}

// Stranger is whoever has not signed in.
var Stranger = Principal{Kind: eventstore.ActorStranger}

// System is a part of the program that acts by itself, e.g. "clock".
func System(part string) Principal {
	return Principal{Kind: eventstore.ActorSystem, AccountID: part, Role: RoleSystem}
}

// May returns how far a right of the asker reaches.
func (p Principal) May(right Right) Scope {
	if p.Role == RoleSystem {
		return ScopeAll
	}
	if p.PasswordChangeRequired && right != OwnAccount {
		return ScopeNone
	}
	scope := granted[p.Role][right]
	if scope == ScopeOrganization && p.Role == RoleCompliance && p.Organization == PlatformOrganization {
		return ScopeAll
	}
	return scope
}

// Reaches says whether a right of the asker reaches an organization's thing that concerns
// an account (empty: none).
func (p Principal) Reaches(right Right, organization, account string) bool {
	switch p.May(right) {
	case ScopeAll:
		return true
	case ScopeOrganization:
		return organization != "" && organization == p.Organization
	case ScopeSelf:
		return account != "" && account == p.AccountID
	default:
		return false
	}
}

// Creates returns the roles with which the asker may create accounts. Accounts of these roles it
// may manage.
func (p Principal) Creates() []Role { return slices.Clone(creates[p.Role]) }

// Roles are those that an account can be created with.
func Roles() []Role { return slices.Clone(creates[RolePlatform]) }

// MaySet says whether the asker may create and manage accounts of a role.
func (p Principal) MaySet(role Role) bool {
	return p.Role == RoleSystem || slices.Contains(creates[p.Role], role)
}

// Actor is the asker as the envelope of an event names it.
func (p Principal) Actor() eventstore.Actor {
	return eventstore.Actor{Kind: p.Kind, ID: p.AccountID, Name: p.Name}
}
