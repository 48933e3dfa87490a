package organization

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
)

func TestRegions(t *testing.T) {
	for _, p := range Presets() {
		state := Decider.Fold(State{}, Registered{Name: "Voorbeeld", Preset: p, Policies: preset(p).Basic})
		switch err := state.MayHaveRegions(); {
		case p == PresetKlic && err != nil:
			t.Errorf("%s: %v", p, err)
		case p != PresetKlic && !errors.Is(err, ErrNoRegions):
			t.Errorf("%s may have regions (%v)", p, err)
		}
	}
	if err := (State{}).MayHaveRegions(); !errors.Is(err, ErrNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
}

// TestPresets holds AMB-K2.
func TestPresets(t *testing.T) {
	password := PasswordPolicy{MinLength: 8, MinUpper: 1, MinDigits: 1}
	want := map[Preset]Policies{
		PresetRegiCare: {Basic: Basic{
			UsernameRule: "email", FirstChannels: []account.Channel{"admin_password"}, ActivationMonths: 1, Password: password,
			Licenses: true, LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		}, Further: Further{Roles: true, PersonRequired: PersonAlways, LockoutTries: 5, SecondStep: SecondStepOptional}},
		PresetOfficeHeart: {Basic: Basic{
			UsernameRule: "email", FirstChannels: []account.Channel{"mail_link_and_letter_code"}, ActivationMonths: 1, Password: password,
			Licenses: true, LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		}, Further: Further{Roles: true, PersonRequired: PersonOptional, SecondStep: SecondStepOptional}},
		PresetInformat: {Basic: Basic{
			UsernameRule: "unique", FirstChannels: []account.Channel{"admin_password", "mail_link", "mail_link_and_letter_code"},
			ActivationMonths: 1, Password: password, Licenses: true, LastAdminProtected: true, TimeZone: "Europe/Brussels",
		}, Further: Further{PersonRequired: PersonAlways, NationalNumber: true, SecondStep: SecondStepOptional}},
		PresetKlic: {Basic: Basic{
			UsernameRule: "unique", FirstChannels: []account.Channel{"mail_link", "admin_password"}, ActivationMonths: 1, Password: password,
			Licenses: true, LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		}, Further: Further{Regions: true, Roles: true, PersonRequired: PersonNever, NotificationChoice: true, SecondStep: SecondStepOptional}},
		PresetNEN: {Basic: Basic{
			UsernameRule: "email_in_allowed_domain", FirstChannels: []account.Channel{"mail_link"}, ActivationMonths: 1, Password: password,
			Licenses: true, SelfRegistration: true, LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		}, Further: Further{PersonRequired: PersonNever, SecondStep: SecondStepOptional}},
		PresetOwn: {Basic: Basic{
			UsernameRule: "email", FirstChannels: []account.Channel{"mail_link", "admin_password"}, ActivationMonths: 1, Password: PasswordPolicy{MinLength: 12, MinUpper: 1, MinDigits: 1},
			Licenses: true, LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		}, Further: Further{PersonRequired: PersonNever, SecondStep: SecondStepOptional}},
	}
	got := map[Preset]Policies{}
	for _, p := range Presets() {
		got[p] = preset(p)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("presets (-want +got):\n%s", diff)
	}
}
