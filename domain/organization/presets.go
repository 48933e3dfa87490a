package organization

import (
	"slices"

	"sleutelbos/domain"
)

// Preset is a set of policies that an organization starts with: taken from one of the systems that
// this product follows, or a plain one whose rules are chosen afterwards.
type Preset string

// The presets.
const (
	PresetRegiCare    Preset = "regicare"
	PresetOfficeHeart Preset = "officeheart"
	PresetInformat    Preset = "informat"
	PresetKlic        Preset = "klic"
	PresetNEN         Preset = "nen"
	PresetOwn         Preset = "own"
)

// Presets returns every preset.
func Presets() []Preset {
	return []Preset{PresetRegiCare, PresetOfficeHeart, PresetInformat, PresetKlic, PresetNEN, PresetOwn}
}

// Values implements domain.Enumeration.
func (Preset) Values() []string { return domain.Values(Presets()) }

// HasStandardRole says whether each usual account of the organizations of the preset gets the role
// Standaard (O-10).
func (p Preset) HasStandardRole() bool { return p == PresetOfficeHeart }

// Registers says whether an organization of the preset calls an invitation a registration (N-4).
func (p Preset) Registers() bool { return p == PresetNEN || p == PresetOwn }

// Policies returns the policies of the preset; false for what is no preset.
func (p Preset) Policies() (Policies, bool) {
	if !slices.Contains(Presets(), p) {
		return Policies{}, false
	}
	var all Policies
	for _, policy := range table {
		policy.usual(&all, p)
	}
	return all, true
}
