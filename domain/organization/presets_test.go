package organization

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
)

func TestRegions(t *testing.T) {
	for _, p := range Presets() {
		state := Decider.Fold(State{}, Registered{Name: "Voorbeeld", Preset: p, Policies: preset(p)})
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

func TestPresets(t *testing.T) {
	password := PasswordPolicy{MinLength: 8, MinUpper: 1, MinDigits: 1}
	want := map[Preset]Policies{
		PresetRegiCare: {
			UsernameRule: "email", FirstChannels: []account.Channel{"admin_password"}, ActivationMonths: 1, Password: password,
			LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		},
		PresetOfficeHeart: {
			UsernameRule: "email", FirstChannels: []account.Channel{"mail_link_and_letter_code"}, ActivationMonths: 1, Password: password,
			LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		},
		PresetInformat: {
			UsernameRule: "unique", FirstChannels: []account.Channel{"admin_password", "mail_link", "mail_link_and_letter_code"},
			ActivationMonths: 1, Password: password, LastAdminProtected: true, TimeZone: "Europe/Brussels",
		},
		PresetKlic: {
			UsernameRule: "unique", FirstChannels: []account.Channel{"mail_link", "admin_password"}, ActivationMonths: 1, Password: password,
			LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		},
		PresetNEN: {
			UsernameRule: "email_in_allowed_domain", FirstChannels: []account.Channel{"mail_link"}, ActivationMonths: 1, Password: password,
			Licenses: true, SelfRegistration: true, LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		},
		PresetOwn: {
			UsernameRule: "email", FirstChannels: []account.Channel{"mail_link", "admin_password"}, ActivationMonths: 1, Password: PasswordPolicy{MinLength: 12, MinUpper: 1, MinDigits: 1},
			Licenses: true, LastAdminProtected: true, TimeZone: "Europe/Amsterdam",
		},
	}
	got := map[Preset]Policies{}
	for _, p := range Presets() {
		got[p] = preset(p)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("presets (-want +got):\n%s", diff)
	}
}
