// Package rolegroups has the use cases of role groups: what they are called, which permissions they
// give, and who has them. A name is unique among the groups of an organization that are not archived.
package rolegroups

import (
	"context"
	"slices"
	"strings"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/domain/typed"
)

// Groups is the aggregate.
type Groups = engine.Aggregate[rolegroup.State, rolegroup.Command, rolegroup.Event]

// UseCases are the commands of role groups.
type UseCases struct {
	access.Access
	Groups  *Groups
	Members *Members
}

// New returns the use cases, with an aggregate of their own.
func New(a access.Access) UseCases {
	return UseCases{Access: a, Groups: engine.NewAggregate(a.Engine, "rolegroup", rolegroup.Decider), Members: &Members{engine: a.Engine}}
}

// target is what the commands of a role group that is there already act on.
var target = engine.Target{Category: "rolegroup", Member: "roleGroupId"}

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	on := engine.ActsOn(target)
	return slices.Concat([]engine.Command{
		engine.Handled("CreateRoleGroup", rights.ManageRoles, "Creates a role group of an organization. It gives no permission yet.",
			u.create, engine.UndoneBy[ArchiveRoleGroup](), engine.Icon("plus")),
		engine.Handled("RenameRoleGroup", rights.ManageRoles, "Gives a role group another name.", u.rename, on, engine.UndoneBy[RenameRoleGroup](), engine.Icon("edit")),
		engine.Handled("ArchiveRoleGroup", rights.ManageRoles, "Takes a role group that no account has out of use, for good.", u.archive, on, engine.Icon("block"), engine.TakesAway()),
	}, permissions(u), membership(u))
}

// CreateRoleGroup is the body of the command of that name.
type CreateRoleGroup struct {
	RoleGroupID    string `json:"roleGroupId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	OrganizationID string `json:"organizationId" format:"uuid"`
	Name           string `json:"name" minLength:"1" maxLength:"200"`
}

// RoleGroupMade is the result of CreateRoleGroup.
type RoleGroupMade struct {
	RoleGroupID string `json:"roleGroupId"`
}

// create makes a role group of an organization; its name is claimed together with it.
func (u UseCases) create(ctx context.Context, c *engine.Call, in CreateRoleGroup) (RoleGroupMade, error) {
	organizationID, o, err := u.Organization(ctx, c, rights.ManageRoles, in.OrganizationID)
	if err != nil {
		return RoleGroupMade{}, err
	}
	id, fresh, err := u.Groups.NewID(ctx, c, engine.Naming[rolegroup.State]{
		Field: "role_group_id", Given: in.RoleGroupID, Right: rights.ManageRoles, Missing: rolegroup.ErrNotFound, Of: ownerOf,
	})
	if err != nil {
		return RoleGroupMade{}, err
	}
	return RoleGroupMade{id}, u.open(ctx, c, id, fresh, rolegroup.Create{OrganizationID: organizationID, Name: strings.TrimSpace(in.Name)}, o.MayHaveRoles)
}

// open makes a role group, unless the organization may not have one; nil says that it may.
func (u UseCases) open(ctx context.Context, c *engine.Call, id string, fresh bool, create rolegroup.Create, may func() error) error {
	create.Reservation = u.claimOf(create.OrganizationID, create.Name)
	return u.Groups.Open(ctx, c, engine.Opening[rolegroup.Command]{
		ID: id, Fresh: fresh, Kind: reservation.KindRoleGroup, Claim: create.Reservation, Command: create, May: may,
	})
}

// RenameRoleGroup is the body of the command of that name.
type RenameRoleGroup struct {
	RoleGroupID string `json:"roleGroupId" format:"uuid"`
	Name        string `json:"name" minLength:"1" maxLength:"200"`
}

// rename gives a role group another name.
func (u UseCases) rename(ctx context.Context, c *engine.Call, in RenameRoleGroup) (engine.None, error) {
	id, before, err := u.reach(ctx, c, rights.ManageRoles, in.RoleGroupID)
	if err != nil {
		return engine.None{}, err
	}
	rename := rolegroup.Rename{Name: strings.TrimSpace(in.Name), Reservation: u.claimOf(before.OrganizationID, in.Name)}
	return engine.None{}, u.Groups.Rename(ctx, c, id, before, engine.Rename[rolegroup.State, rolegroup.Command]{
		Kind: reservation.KindRoleGroup, Claim: rename.Reservation, ClaimOf: nameOf, Command: rename,
	})
}

// ArchiveRoleGroup is the body of the command of that name.
type ArchiveRoleGroup struct {
	RoleGroupID string `json:"roleGroupId" format:"uuid"`
}

// archive takes a role group that nobody has out of use; its name is free for another then. Who has
// it is read in the log, not locked: whoever gets it in the same moment loses it by the reactor.
func (u UseCases) archive(ctx context.Context, c *engine.Call, in ArchiveRoleGroup) (engine.None, error) {
	id, before, err := u.reach(ctx, c, rights.ManageRoles, in.RoleGroupID)
	if err != nil {
		return engine.None{}, err
	}
	members, err := u.Members.Count(ctx, id)
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.Groups.Ends(ctx, c, id, before, nameOf, rolegroup.Archive{Members: members})
	return engine.None{}, err
}

// reach loads a role group within the reach of a right.
func (u UseCases) reach(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, rolegroup.State, error) {
	return u.Groups.Reached(ctx, c, right, given, rolegroup.ErrNotFound, ownerOf)
}

func ownerOf(_ string, s rolegroup.State) engine.Owner {
	return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID}
}

// nameOf returns the claim of the name of a state.
func nameOf(s rolegroup.State) string { return s.Reservation }

// claimOf returns the stream that guards the name of a role group. Two spellings that differ in
// case alone are one name.
func (u UseCases) claimOf(organizationID, name string) string {
	return u.Engine.Reservation(reservation.KindRoleGroup, organizationID+"/"+typed.Caseless(name))
}

// Names returns what is to be known of the claims of names.
func (u UseCases) Names() engine.Guarded {
	return engine.Guarded{
		Kind: reservation.KindRoleGroup,
		InUse: func(ctx context.Context, stream, holder string) (bool, error) {
			f, err := u.Groups.Load(ctx, holder)
			return f.State.InUse() == nil && f.State.Reservation == stream, err
		},
		Changes: []engine.ClaimChange{
			engine.Uses(func(e rolegroup.Created) string { return e.Reservation }),
			engine.Uses(func(e rolegroup.Renamed) string { return e.Reservation }),
			engine.Frees(func(e rolegroup.Renamed) string { return e.OldReservation }),
			engine.Frees(func(e rolegroup.Archived) string { return e.Reservation }),
		},
	}
}
