package organization

import (
	"sleutelbos/domain"
	"sleutelbos/domain/account"
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

// HasRegions says whether the organizations of the preset divide their work into regions. No
// event says it, so it holds for the organizations that were there before it was asked as well.
func (p Preset) HasRegions() bool { return p == PresetKlic }

// HasRoles says whether the accounts of the organizations of the preset get what they reach from
// role groups (R-30, O-10, K-4). No event says it, as with regions.
func (p Preset) HasRoles() bool {
	return p == PresetRegiCare || p == PresetOfficeHeart || p == PresetKlic
}

// HasStandardRole says whether each usual account of the organizations of the preset gets the role
// Standaard (O-10).
func (p Preset) HasStandardRole() bool { return p == PresetOfficeHeart }

// Policies returns the policies of the preset; false for what is no preset.
func (p Preset) Policies() (Policies, bool) {
	policies := Policies{
		ActivationMonths:   1,
		Password:           PasswordPolicy{MinLength: 8, MinUpper: 1, MinDigits: 1},
		LastAdminProtected: true,
		TimeZone:           DefaultTimeZone,
	}
	switch p {
	case PresetRegiCare:
		policies.UsernameRule = UsernameEmail
		policies.FirstChannels = []account.Channel{account.ChannelAdminPassword}
	case PresetOfficeHeart:
		policies.UsernameRule = UsernameEmail
		policies.FirstChannels = []account.Channel{account.ChannelMailAndLetter}
	case PresetInformat: // names no way to a first password, so each will do
		policies.UsernameRule = UsernameUnique
		policies.FirstChannels = []account.Channel{account.ChannelAdminPassword, account.ChannelMailLink, account.ChannelMailAndLetter}
		policies.TimeZone = "Europe/Brussels"
	case PresetKlic:
		policies.UsernameRule = UsernameUnique
		policies.FirstChannels = []account.Channel{account.ChannelMailLink, account.ChannelAdminPassword}
	case PresetNEN:
		policies.UsernameRule = UsernameEmailInAllowedDomain
		policies.FirstChannels = []account.Channel{account.ChannelMailLink}
		policies.Licenses, policies.SelfRegistration = true, true
	case PresetOwn:
		policies.UsernameRule = UsernameEmail
		policies.FirstChannels = []account.Channel{account.ChannelMailLink, account.ChannelAdminPassword}
		policies.Licenses = true
		policies.Password.MinLength = 12
	default:
		return Policies{}, false
	}
	return policies, true
}
