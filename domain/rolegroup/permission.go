package rolegroup

import (
	"slices"

	"sleutelbos/domain"
)

// Permission is something that whoever has a role group may do in the systems behind this one.
// Its name is that of the system it comes from.
type Permission string

// The seventeen permissions of AreaPortal (O-23).
const (
	Klant                  Permission = "klant"
	School                 Permission = "school"
	Koepel                 Permission = "koepel"
	HulpmiddelVerplaatsen  Permission = "hulpmiddel_verplaatsen"
	Shop                   Permission = "shop"
	Project                Permission = "project"
	PortaalApp             Permission = "portaal_app"
	PermanentArchief       Permission = "permanent_archief"
	Aanleverpunten         Permission = "aanleverpunten"
	Chat                   Permission = "chat"
	Contactpersonen        Permission = "contactpersonen"
	DocumentenLezen        Permission = "documenten_lezen"
	Evaluaties             Permission = "evaluaties"
	HulpmiddelenUitgebreid Permission = "hulpmiddelen_uitgebreid"
	MeldingenLezen         Permission = "meldingen_lezen"
	NieuweMeldingen        Permission = "nieuwe_meldingen"
	ReagerenOpMeldingen    Permission = "reageren_op_meldingen"
)

// The three rights of AreaKlic, independent of each other (K-4).
const (
	Gebruikersbeheer Permission = "gebruikersbeheer"
	KlicBeheer       Permission = "klic_beheer"
	Monteur          Permission = "monteur"
)

// PortalPermissions returns those of AreaPortal.
func PortalPermissions() []Permission {
	return []Permission{
		Klant, School, Koepel, HulpmiddelVerplaatsen, Shop, Project, PortaalApp, PermanentArchief, Aanleverpunten, Chat,
		Contactpersonen, DocumentenLezen, Evaluaties, HulpmiddelenUitgebreid, MeldingenLezen, NieuweMeldingen, ReagerenOpMeldingen,
	}
}

// KlicPermissions returns those of AreaKlic.
func KlicPermissions() []Permission { return []Permission{Gebruikersbeheer, KlicBeheer, Monteur} }

// Permissions returns every permission.
func Permissions() []Permission { return slices.Concat(PortalPermissions(), KlicPermissions()) }

// Values implements domain.Enumeration.
func (Permission) Values() []string { return domain.Values(Permissions()) }

// StandardPermissions returns what the group Standaard starts with: the base permission of a
// usual account.
func StandardPermissions() []Permission { return []Permission{Klant} }

func (p Permission) known() error {
	if !slices.Contains(Permissions(), p) {
		return ErrPermissionUnknown
	}
	return nil
}
