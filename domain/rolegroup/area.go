package rolegroup

import (
	"sleutelbos/domain"
	"sleutelbos/domain/organization"
)

// Area is a system with permissions of its own.
type Area string

// The areas.
const (
	AreaPortal Area = "portal" // the customers' portal
	AreaKlic   Area = "klic"   // the register of those who dig
)

// Areas returns every area.
func Areas() []Area { return []Area{AreaPortal, AreaKlic} }

// Values implements domain.Enumeration.
func (Area) Values() []string { return domain.Values(Areas()) }

// Permissions returns the permissions of the area.
func (a Area) Permissions() []Permission {
	switch a {
	case AreaPortal:
		return PortalPermissions()
	case AreaKlic:
		return KlicPermissions()
	}
	return nil
}

// AreasOf returns the areas whose permissions are offered to organizations of a preset: its own, if the system that the
// preset follows has one, or else all. A group may have got a permission of another one; that is no fault.
func AreasOf(p organization.Preset) []Area {
	switch p {
	case organization.PresetOfficeHeart:
		return []Area{AreaPortal}
	case organization.PresetKlic:
		return []Area{AreaKlic}
	case organization.PresetRegiCare, organization.PresetInformat, organization.PresetNEN, organization.PresetOwn:
	}
	return Areas()
}
