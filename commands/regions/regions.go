// Package regions has the use cases of regions: what they are called, and whom they are assigned
// to. A name is unique among the regions of an organization that are not archived.
package regions

import (
	"context"
	"strings"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/region"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/typed"
)

// UseCases are the commands of regions.
type UseCases struct {
	access.Access
	Regions *engine.Aggregate[region.State, region.Command, region.Event]
}

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	guard := engine.Guard[region.State, region.Command, region.Event]{
		Aggregate: u.Regions, Target: engine.Target{Category: "region", Member: "regionId"}, Reach: u.reach,
	}
	on := engine.ActsOn(guard.Target)
	return []engine.Command{
		engine.Handled("CreateRegion", rights.ManageRegions, "Creates a region of an organization.", u.create, engine.UndoneBy[ArchiveRegion](), engine.Icon("plus")),
		engine.Handled("RenameRegion", rights.ManageRegions, "Gives a region another name.", u.rename, on, engine.UndoneBy[RenameRegion](), engine.Icon("edit")),
		engine.Handled("ArchiveRegion", rights.ManageRegions, "Takes a region out of use, for good; whom it was assigned to stays known.", u.archive, on, engine.Icon("block"), engine.TakesAway()),
		engine.Handled("AssignUsersToRegion", rights.ManageRegions, "Assigns a region to accounts of its organization, several at once.",
			u.assign, on, engine.UndoneBy[RemoveUserFromRegion](), engine.Icon("plus")),
		engine.OneStream(guard, "RemoveUserFromRegion", rights.ManageRegions, "Takes an account out of a region.",
			func(_ *engine.Call, in RemoveUserFromRegion) (string, region.Command) {
				return in.RegionID, region.Remove{AccountID: in.AccountID}
			}, engine.UndoneBy[AssignUsersToRegion](), engine.Icon("x"), engine.TakesAway()),
	}
}

// CreateRegion is the body of the command of that name.
type CreateRegion struct {
	RegionID       string `json:"regionId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	OrganizationID string `json:"organizationId" format:"uuid"`
	Name           string `json:"name" minLength:"1" maxLength:"200"`
}

// RegionMade is the result of CreateRegion.
type RegionMade struct {
	RegionID string `json:"regionId"`
}

// create makes a region of an organization; its name is claimed together with it.
func (u UseCases) create(ctx context.Context, c *engine.Call, in CreateRegion) (RegionMade, error) {
	organizationID, o, err := u.Organization(ctx, c, rights.ManageRegions, in.OrganizationID)
	if err != nil {
		return RegionMade{}, err
	}
	id, fresh, err := u.Regions.NewID(ctx, c, engine.Naming[region.State]{
		Field: "region_id", Given: in.RegionID, Right: rights.ManageRegions, Missing: region.ErrNotFound, Of: ownerOf,
	})
	if err != nil {
		return RegionMade{}, err
	}
	create := region.Create{OrganizationID: organizationID, Name: strings.TrimSpace(in.Name), Reservation: u.claimOf(organizationID, in.Name)}
	return RegionMade{id}, u.Regions.Open(ctx, c, engine.Opening[region.Command]{
		ID: id, Fresh: fresh, Kind: reservation.KindRegion, Claim: create.Reservation, Command: create, May: o.MayHaveRegions,
	})
}

// RenameRegion is the body of the command of that name.
type RenameRegion struct {
	RegionID string `json:"regionId" format:"uuid"`
	Name     string `json:"name" minLength:"1" maxLength:"200"`
}

// rename gives a region another name.
func (u UseCases) rename(ctx context.Context, c *engine.Call, in RenameRegion) (engine.None, error) {
	id, before, err := u.reach(ctx, c, rights.ManageRegions, in.RegionID)
	if err != nil {
		return engine.None{}, err
	}
	rename := region.Rename{Name: strings.TrimSpace(in.Name), Reservation: u.claimOf(before.OrganizationID, in.Name)}
	return engine.None{}, u.Regions.Rename(ctx, c, id, before, engine.Rename[region.State, region.Command]{
		Kind: reservation.KindRegion, Claim: rename.Reservation, ClaimOf: nameOf, Command: rename,
	})
}

// ArchiveRegion is the body of the command of that name.
type ArchiveRegion struct {
	RegionID string `json:"regionId" format:"uuid"`
}

// archive takes a region out of use; its name is free for another then.
func (u UseCases) archive(ctx context.Context, c *engine.Call, in ArchiveRegion) (engine.None, error) {
	id, before, err := u.reach(ctx, c, rights.ManageRegions, in.RegionID)
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.Regions.Ends(ctx, c, id, before, nameOf, region.Archive{})
	return engine.None{}, err
}

// reach loads a region within the reach of a right.
func (u UseCases) reach(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, region.State, error) {
	return u.Regions.Reached(ctx, c, right, given, region.ErrNotFound, ownerOf)
}

func ownerOf(_ string, s region.State) engine.Owner {
	return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID}
}

// nameOf returns the claim of the name of a state.
func nameOf(s region.State) string { return s.Reservation }

// claimOf returns the stream that guards the name of a region. Two spellings that differ in
// case alone are one name.
func (u UseCases) claimOf(organizationID, name string) string {
	return u.Engine.Reservation(reservation.KindRegion, organizationID+"/"+typed.Caseless(name))
}

// Names returns what is to be known of the claims of names.
func (u UseCases) Names() engine.Guarded {
	return engine.Guarded{
		Kind: reservation.KindRegion,
		InUse: func(ctx context.Context, stream, holder string) (bool, error) {
			f, err := u.Regions.Load(ctx, holder)
			return f.State.InUse() == nil && f.State.Reservation == stream, err
		},
		Changes: []engine.ClaimChange{
			engine.Uses(func(e region.Created) string { return e.Reservation }),
			engine.Uses(func(e region.Renamed) string { return e.Reservation }),
			engine.Frees(func(e region.Renamed) string { return e.OldReservation }),
			engine.Frees(func(e region.Archived) string { return e.Reservation }),
		},
	}
}
