package organization

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
)

// PolicyName names a policy, as clients do.
type PolicyName string

// Values implements domain.Enumeration.
func (PolicyName) Values() []string {
	names := make([]string, len(table))
	for i, p := range table {
		names[i] = string(p.Name)
	}
	return names
}

// PolicyKind is the sort of value that a policy has.
type PolicyKind string

// The kinds.
const (
	KindFlag    PolicyKind = "flag"    // true or false
	KindNumber  PolicyKind = "number"  // between bounds
	KindChoice  PolicyKind = "choice"  // one of a set
	KindChoices PolicyKind = "choices" // one or more of a set, with commas between
	KindDay     PolicyKind = "day"     // yyyy-mm-dd, or empty
	KindZone    PolicyKind = "zone"    // the IANA name of a time zone
)

// Values implements domain.Enumeration.
func (PolicyKind) Values() []string {
	return domain.Values([]PolicyKind{KindFlag, KindNumber, KindChoice, KindChoices, KindDay, KindZone})
}

// Holds says whether the program acts on a policy.
type Holds string

// The two sorts.
const (
	HoldsNow   Holds = "now"   // from the moment that it is set
	HoldsLater Holds = "later" // it is recorded and shown; no part of the program acts on it yet
)

// Values implements domain.Enumeration.
func (Holds) Values() []string { return domain.Values([]Holds{HoldsNow, HoldsLater}) }

// Policy is one rule that an organization can choose. Values are texts in one spelling, whatever
// the kind, so that those who set, show and compare policies need not know one from another.
type Policy struct {
	Name        PolicyName
	Kind        PolicyKind
	Values      []string     // of a choice or choices
	Type        reflect.Type // of a choice
	Least, Most int          // of a number
	Holds       Holds

	text    func(Policies) string
	set     func(*Policies, string) bool // false for what is no value
	usual   func(*Policies, Preset)
	event   func(before, after Policies) Event // nil for PolicyChanged
	refusal error                              // of what is no value
}

// Of returns the value among the policies of an organization.
func (p Policy) Of(all Policies) string { return p.text(all) }

// Usual returns the value of a preset.
func (p Policy) Usual(preset Preset) string {
	var all Policies
	p.usual(&all, preset)
	return p.text(all)
}

// each has the value of each preset. It is written without names, so that a preset cannot be
// forgotten.
type each[T any] struct{ RegiCare, OfficeHeart, Informat, Klic, NEN, Own T }

func (e each[T]) of(preset Preset) T {
	return map[Preset]T{
		PresetRegiCare: e.RegiCare, PresetOfficeHeart: e.OfficeHeart, PresetInformat: e.Informat,
		PresetKlic: e.Klic, PresetNEN: e.NEN, PresetOwn: e.Own,
	}[preset]
}

// policyOf makes a policy of the member that holds it.
func policyOf[T any](p Policy, member func(*Policies) *T, usual each[T], text func(T) string, read func(string) (T, bool)) Policy {
	p.refusal = ErrPolicyValue
	p.text = func(all Policies) string { return text(*member(&all)) }
	p.usual = func(all *Policies, preset Preset) { *member(all) = usual.of(preset) }
	p.set = func(all *Policies, given string) bool {
		value, ok := read(given)
		if ok {
			*member(all) = value
		}
		return ok
	}
	return p
}

// saidBy says which event tells a change, for the policies that have one of their own.
func (p Policy) saidBy(event func(before, after Policies) Event, refusal error) Policy {
	p.event, p.refusal = event, refusal
	return p
}

func flag(name PolicyName, holds Holds, member func(*Policies) *bool, usual each[bool]) Policy {
	return policyOf(Policy{Name: name, Kind: KindFlag, Holds: holds}, member, usual, strconv.FormatBool, func(given string) (bool, bool) {
		return given == "true", given == "true" || given == "false"
	})
}

func number(name PolicyName, holds Holds, least, most int, member func(*Policies) *int, usual each[int]) Policy {
	return policyOf(Policy{Name: name, Kind: KindNumber, Least: least, Most: most, Holds: holds}, member, usual, strconv.Itoa, func(given string) (int, bool) {
		n, err := strconv.Atoi(given)
		return n, err == nil && n >= least && n <= most
	})
}

func choice[T ~string](name PolicyName, holds Holds, values []T, member func(*Policies) *T, usual each[T]) Policy {
	return policyOf(Policy{Name: name, Kind: KindChoice, Values: domain.Values(values), Type: reflect.TypeFor[T](), Holds: holds}, member, usual,
		func(value T) string { return string(value) }, func(given string) (T, bool) { return T(given), slices.Contains(values, T(given)) })
}

// channels is a policy of one or more ways to a first password. Their order says which one is
// usual, and is that of the preset; it makes no other value.
func channels(name PolicyName, holds Holds, member func(*Policies) *[]account.Channel, usual each[[]account.Channel]) Policy {
	offered := account.OfferedChannels()
	among := func(given []account.Channel) []account.Channel {
		return slices.DeleteFunc(slices.Clone(offered), func(c account.Channel) bool { return !slices.Contains(given, c) })
	}
	return policyOf(Policy{Name: name, Kind: KindChoices, Values: domain.Values(offered), Holds: holds}, member, usual,
		func(value []account.Channel) string { return strings.Join(domain.Values(among(value)), ",") },
		func(given string) ([]account.Channel, bool) {
			var value []account.Channel
			for part := range strings.SplitSeq(given, ",") {
				if !slices.Contains(offered, account.Channel(part)) {
					return nil, false
				}
				value = append(value, account.Channel(part))
			}
			return among(value), true
		})
}

func day(name PolicyName, holds Holds, member func(*Policies) *string, usual each[string]) Policy {
	return policyOf(Policy{Name: name, Kind: KindDay, Holds: holds}, member, usual, itself, func(given string) (string, bool) {
		_, err := time.Parse(time.DateOnly, given)
		return given, err == nil || given == ""
	})
}

func zone(name PolicyName, holds Holds, member func(*Policies) *string, usual each[string]) Policy {
	return policyOf(Policy{Name: name, Kind: KindZone, Holds: holds}, member, usual, itself, func(given string) (string, bool) {
		return given, validTimeZone(given) == nil
	})
}

func itself(text string) string { return text }

func validTimeZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" { // "Local" is the machine's
		return ErrTimeZoneInvalid
	}
	return nil
}
