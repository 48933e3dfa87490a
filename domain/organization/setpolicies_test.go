package organization

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func set(policy PolicyName, value string) SetPolicies {
	return SetPolicies{Set: []Setting{{policy, value}}}
}

func TestSetPolicies(t *testing.T) {
	t.Run("a policy without an event of its own", func(t *testing.T) {
		given(t, registered).When(set("regions", "true")).Then(PolicyChanged{Policy: "regions", Value: "true", OldValue: "false"})
	})
	t.Run("in another order it is the same", func(t *testing.T) {
		given(t, registered).When(set("firstChannels", "admin_password,mail_link")).
			Then(PolicyChanged{Policy: "firstChannels", Value: "mail_link,admin_password", OldValue: "mail_link"})
		own := Registered{Name: "Voorbeeld", Preset: PresetOwn, Policies: preset(PresetOwn).Basic}
		given(t, own).When(set("firstChannels", "admin_password,mail_link")).ThenNothing()
	})
	t.Run("several at once, each told once", func(t *testing.T) {
		given(t, registered).When(SetPolicies{Set: []Setting{{PolicyPasswordMinLength, "14"}, {PolicyPasswordMinDigits, "2"}, {"licenses", "false"}, {"regions", "true"}, {PolicyTimeZone, "Europe/Brussels"}}}).Then(
			PasswordPolicyChanged{Password: PasswordPolicy{14, 1, 2}, OldPassword: PasswordPolicy{8, 1, 1}},
			PolicyChanged{Policy: "licenses", Value: "false", OldValue: "true"}, PolicyChanged{Policy: "regions", Value: "true", OldValue: "false"},
			TimeZoneChanged{TimeZone: "Europe/Brussels", OldTimeZone: "Europe/Amsterdam"})
	})
	for _, rule := range []UsernameRule{UsernameEmail, UsernameUnique} {
		given(t, registered).When(set(PolicyUsernameRule, string(rule))).Then(UsernameRuleChanged{UsernameRule: rule, OldUsernameRule: UsernameEmailInAllowedDomain})
	}
	for value, months := range map[string]int{"2": 2, "12": 12} {
		given(t, registered).When(set(PolicyActivationMonths, value)).Then(ActivationPolicyChanged{ActivationMonths: months, OldActivationMonths: 1})
	}
	t.Run("one that nobody knows is refused", func(t *testing.T) { given(t, registered).When(set("anything", "true")).ThenRefused(ErrPolicyUnknown) })
	t.Run("one that is wrong changes nothing of the others", func(t *testing.T) {
		given(t, registered).When(SetPolicies{Set: []Setting{{"regions", "true"}, {"licenses", "perhaps"}}}).ThenRefused(ErrPolicyValue)
	})
}

// TestEveryPolicy sets each policy of the table to what each preset says, and back.
func TestEveryPolicy(t *testing.T) {
	names := map[PolicyName]bool{}
	for _, p := range Table() {
		if names[p.Name] {
			t.Errorf("%s is declared twice", p.Name)
		}
		names[p.Name] = true
		if !slices.Contains(PolicyKind("").Values(), string(p.Kind)) || !slices.Contains(Holds("").Values(), string(p.Holds)) {
			t.Errorf("%s is of the kind %q and holds %q", p.Name, p.Kind, p.Holds)
		}
		for _, from := range Presets() {
			start := Registered{Name: "Voorbeeld", Preset: from, Policies: preset(from).Basic}
			given(t, start).When(set(p.Name, p.Usual(from))).ThenNothing()
			for _, to := range Presets() {
				state := Decider.Fold(State{}, start)
				events, err := Decider.Decide(state, set(p.Name, p.Usual(to)))
				if err != nil {
					t.Errorf("%s from %s to %s: %v", p.Name, from, to, err)
					continue
				}
				after := Decider.Fold(state, events...).Policies
				for _, other := range Table() {
					want := other.Usual(from)
					if other.Name == p.Name {
						want = other.Usual(to)
					}
					if got := other.Of(after); got != want {
						t.Errorf("%s to %s makes %s %q, want %q", p.Name, to, other.Name, got, want)
					}
				}
			}
		}
	}
}

// TestEveryPolicyRefuses gives each policy values that it can't have, and those at its bounds.
func TestEveryPolicyRefuses(t *testing.T) {
	state := Decider.Fold(State{}, registered)
	for _, p := range Table() {
		wrong, right := []string{"nothing like it", " ", "-1"}, p.Values
		switch p.Kind {
		case KindFlag:
			wrong, right = append(wrong, "", "True", "1"), []string{"true", "false"}
		case KindNumber:
			wrong = append(wrong, "", "1.5", "9999")
		case KindChoice:
			wrong = append(wrong, "")
		case KindChoices:
			wrong = append(wrong, "", ",", p.Values[0]+",", "setup")
		case KindDay:
			wrong, right = append(wrong, "2026-02-30", "1-1-2026"), []string{"", "2026-02-28"}
		case KindZone:
			wrong, right = append(wrong, "", "Local", "../etc/passwd"), []string{"America/Curacao"}
		}
		for _, value := range wrong {
			if _, err := Decider.Decide(state, set(p.Name, value)); err == nil {
				t.Errorf("%s may be %q", p.Name, value)
			}
		}
		for _, value := range right {
			if _, err := Decider.Decide(state, set(p.Name, value)); err != nil {
				t.Errorf("%s may not be %q: %v", p.Name, value, err)
			}
		}
	}
	for value, refused := range map[string]error{"0": ErrMonthsInvalid, "13": ErrMonthsInvalid} {
		given(t, registered).When(set(PolicyActivationMonths, value)).ThenRefused(refused)
	}
	given(t, registered).When(set(PolicyTimeZone, "Europe/Nenty")).ThenRefused(ErrTimeZoneInvalid)
	given(t, registered).When(set(PolicyUsernameRule, "anything")).ThenRefused(ErrUsernameRuleUnknown)
}

// TestValue01_ThePasswordPolicy holds the bounds of what a password must have (O-19).
func TestValue01_ThePasswordPolicy(t *testing.T) {
	password := func(length, upper, digits string) SetPolicies {
		return SetPolicies{Set: []Setting{{PolicyPasswordMinLength, length}, {PolicyPasswordMinUpper, upper}, {PolicyPasswordMinDigits, digits}}}
	}
	old := preset(PresetNEN).Password
	if old != (PasswordPolicy{8, 1, 1}) {
		t.Errorf("the preset asks for %+v", old)
	}
	for want, c := range map[PasswordPolicy]SetPolicies{{MinLength: 8}: password("8", "0", "0"), {MinLength: 128}: password("128", "0", "0"), {8, 4, 4}: password("8", "4", "4")} {
		given(t, registered).When(c).Then(PasswordPolicyChanged{Password: want, OldPassword: old})
	}
	given(t, registered).When(password("8", "1", "1")).ThenNothing()
	for _, c := range []SetPolicies{password("7", "0", "0"), password("129", "0", "0"), password("8", "-1", "0"), password("8", "0", "-1"), password("8", "4", "5")} {
		given(t, registered).When(c).ThenRefused(ErrPasswordPolicy)
	}
}

// TestWhatWasStoredBefore reads an organization that was registered before there were further
// policies: it has those of its preset.
func TestWhatWasStoredBefore(t *testing.T) {
	for _, p := range Presets() {
		state := Decider.Fold(State{}, Registered{Name: "Voorbeeld", Preset: p, Policies: preset(p).Basic})
		if diff := cmp.Diff(preset(p), state.Policies); diff != "" {
			t.Errorf("%s (-preset +registered):\n%s", p, diff)
		}
	}
}

// TestOnlyAPolicyEventTakesLicensesAway: what an earlier registration tells of them bound nobody.
func TestOnlyAPolicyEventTakesLicensesAway(t *testing.T) {
	for _, p := range Presets() {
		stored := Registered{Name: "Voorbeeld", Preset: p, Policies: preset(p).Basic}
		stored.Policies.Licenses = false
		state := Decider.Fold(State{}, stored)
		if err := state.MayHaveLicenses(); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		state = given(t, stored).When(set("licenses", "false")).Then(PolicyChanged{Policy: "licenses", Value: "false", OldValue: "true"}).State()
		if err := state.MayHaveLicenses(); !errors.Is(err, ErrNoLicenses) {
			t.Errorf("%s, once they are off: %v", p, err)
		}
	}
	if err := (State{}).MayHaveLicenses(); !errors.Is(err, ErrNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
}

// TestValue13_TheLastAdministratorIsProtected: as long as the policy says so (N-31).
func TestValue13_TheLastAdministratorIsProtected(t *testing.T) {
	given(t, registered, AdminAppointed{AccountID: "ann"}).When(Dismiss{AccountID: "ann"}).ThenRefused(ErrLastAdmin)
	given(t, registered, AdminAppointed{AccountID: "ann"}, PolicyChanged{Policy: "lastAdminProtected", Value: "false", OldValue: "true"}).
		When(Dismiss{AccountID: "ann"}).Then(AdminDismissed{AccountID: "ann"})
}

// TestValue12_WhatAUsernameMayBe: a mail address in an allowed domain is a policy (N-3, AMB-N11).
func TestValue12_WhatAUsernameMayBe(t *testing.T) {
	state := Decider.Fold(State{}, registered)
	domains := []string{"voorbeeld.nl"}
	if err := state.Policies.UsernameRule.Check("an@elders.nl", domains); !errors.Is(err, ErrUsernameDomainNotAllowed) {
		t.Errorf("another domain: %v", err)
	}
	if err := state.Policies.UsernameRule.Check("an@voorbeeld.nl", domains); err != nil {
		t.Error(err)
	}
	free := given(t, registered).When(set(PolicyUsernameRule, "unique")).State()
	if err := free.Policies.UsernameRule.Check("an", domains); err != nil {
		t.Errorf("any name, once the policy says so: %v", err)
	}
}

// TestValue21_AMailAddressIsNotRequired where the preset says so (K-3).
func TestValue21_AMailAddressIsNotRequired(t *testing.T) {
	if err := preset(PresetKlic).UsernameRule.Check("monteur 7", nil); err != nil {
		t.Error(err)
	}
	if err := preset(PresetOfficeHeart).UsernameRule.Check("monteur 7", nil); !errors.Is(err, ErrUsernameNotEmail) {
		t.Errorf("where it is: %v", err)
	}
}

// TestNoSequenceBreaksAPolicy sets policies at random, to values that they can't have among others. Whatever
// was accepted, each policy has a value that it could be given, and the parts of a password fit.
func TestNoSequenceBreaksAPolicy(t *testing.T) {
	values := []string{"", "true", "false", "-1", "0", "1", "5", "8", "12", "100", "128", "129", "2026-02-28", "2026-02-30", "Europe/Brussels", "Local", "mail_link,", "mail_link,admin_password"}
	for _, p := range Table() {
		values = append(values, p.Values...)
	}
	setting := rapid.Custom(func(t *rapid.T) Setting {
		return Setting{rapid.SampledFrom(table).Draw(t, "policy").Name, rapid.SampledFrom(values).Draw(t, "value")}
	})
	commands := rapid.SliceOfN(rapid.SliceOfNDistinct(setting, 1, 3, func(s Setting) PolicyName { return s.Policy }), 1, 60)
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom(Presets()).Draw(t, "preset")
		state := Decider.Fold(State{}, Registered{Name: "Voorbeeld", Preset: from, Policies: preset(from).Basic})
		for _, settings := range commands.Draw(t, "commands") {
			events, err := Decider.Decide(state, SetPolicies{Set: settings})
			if err != nil {
				continue
			}
			state = Decider.Fold(state, events...)
			if again, err := Decider.Decide(state, SetPolicies{Set: settings}); err != nil || len(again) != 0 {
				t.Fatalf("%+v, once more: %+v, %v", settings, again, err)
			}
		}
		for _, p := range table {
			copied := state.Policies
			if held := p.Of(state.Policies); !p.set(&copied, held) || p.Of(copied) != held {
				t.Fatalf("%s is %q, which it may not be", p.Name, held)
			}
		}
		if err := validPassword(state.Policies.Password); err != nil {
			t.Fatalf("%+v: %v", state.Policies.Password, err)
		}
	})
}
