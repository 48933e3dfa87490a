package organization

import (
	"slices"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
)

// Policies are the rules that differ between organizations. Each change of them is an event,
// so that one can see which rules were in force on a day. What each of them may be, and what the
// presets say, is in the table below.
type Policies struct {
	Basic
	Further
}

// Basic are the policies that every organization was registered with.
type Basic struct {
	UsernameRule       UsernameRule      `json:"username_rule"`
	FirstChannels      []account.Channel `json:"first_channels"` // the ways to a first password, the usual one first; another one is refused
	ActivationMonths   int               `json:"activation_months"`
	Password           PasswordPolicy    `json:"password"`
	Licenses           bool              `json:"licenses"`
	SelfRegistration   bool              `json:"self_registration"`
	LastAdminProtected bool              `json:"last_admin_protected"`
	TimeZone           string            `json:"time_zone"` // IANA name
}

// Further are the policies that came later. No registration tells them: an organization starts with
// what its preset says, also one that was registered before the policy came.
type Further struct {
	Regions            bool
	Roles              bool
	PersonRequired     PersonRule
	NationalNumber     bool
	NationalNumberFrom string // a day, yyyy-mm-dd; empty: as soon as it is required
	NotificationChoice bool
	LockoutTries       int // 0: wrong passwords lock no account
	SecondStep         SecondStep
}

// Names of policies that others than the table know.
const (
	PolicyUsernameRule      PolicyName = "usernameRule"
	PolicyFirstChannels     PolicyName = "firstChannels"
	PolicyActivationMonths  PolicyName = "activationMonths"
	PolicyPasswordMinLength PolicyName = "passwordMinLength"
	PolicyPasswordMinUpper  PolicyName = "passwordMinUpper"
	PolicyPasswordMinDigits PolicyName = "passwordMinDigits"
	PolicyTimeZone          PolicyName = "timeZone"
)

// Table returns every policy, in the order in which people are shown them.
func Table() []Policy { return slices.Clone(table) }

// PolicyNamed returns a policy by its name; false if there is none.
func PolicyNamed(name PolicyName) (Policy, bool) {
	i := slices.IndexFunc(table, func(p Policy) bool { return p.Name == name })
	if i < 0 {
		return Policy{}, false
	}
	return table[i], true
}

// table declares each policy once: its name, the values it may have, whether the program acts on
// it, where it is kept, and what each preset says: RegiCare, OfficeHeart, Informat, Klic, NEN and
// the plain one. Commands, forms, pages, the API and the history range over it. What a preset says
// is never changed: no registration tells it, see Further. Another one is a preset of another name.
var table = []Policy{
	choice(PolicyUsernameRule, HoldsNow, UsernameRules(), func(p *Policies) *UsernameRule { return &p.UsernameRule },
		each[UsernameRule]{UsernameEmail, UsernameEmail, UsernameUnique, UsernameUnique, UsernameEmailInAllowedDomain, UsernameEmail}).
		saidBy(func(before, after Policies) Event {
			return UsernameRuleChanged{UsernameRule: after.UsernameRule, OldUsernameRule: before.UsernameRule}
		}, ErrUsernameRuleUnknown),
	channels(PolicyFirstChannels, HoldsNow, func(p *Policies) *[]account.Channel { return &p.FirstChannels },
		each[[]account.Channel]{
			[]account.Channel{account.ChannelAdminPassword},
			[]account.Channel{account.ChannelMailAndLetter},
			[]account.Channel{account.ChannelAdminPassword, account.ChannelMailLink, account.ChannelMailAndLetter}, // Informat names no way, so each will do
			[]account.Channel{account.ChannelMailLink, account.ChannelAdminPassword},
			[]account.Channel{account.ChannelMailLink},
			[]account.Channel{account.ChannelMailLink, account.ChannelAdminPassword},
		}),
	number(PolicyActivationMonths, HoldsNow, 1, 12, func(p *Policies) *int { return &p.ActivationMonths }, each[int]{1, 1, 1, 1, 1, 1}).
		saidBy(func(before, after Policies) Event {
			return ActivationPolicyChanged{ActivationMonths: after.ActivationMonths, OldActivationMonths: before.ActivationMonths}
		}, ErrMonthsInvalid),
	number(PolicyPasswordMinLength, HoldsNow, 8, 128, func(p *Policies) *int { return &p.Password.MinLength }, each[int]{8, 8, 8, 8, 8, 12}).
		saidBy(passwordChanged, ErrPasswordPolicy),
	number(PolicyPasswordMinUpper, HoldsNow, 0, 128, func(p *Policies) *int { return &p.Password.MinUpper }, each[int]{1, 1, 1, 1, 1, 1}).
		saidBy(passwordChanged, ErrPasswordPolicy),
	number(PolicyPasswordMinDigits, HoldsNow, 0, 128, func(p *Policies) *int { return &p.Password.MinDigits }, each[int]{1, 1, 1, 1, 1, 1}).
		saidBy(passwordChanged, ErrPasswordPolicy),
	flag("licenses", HoldsNow, func(p *Policies) *bool { return &p.Licenses }, each[bool]{true, true, true, true, true, true}),
	flag("regions", HoldsNow, func(p *Policies) *bool { return &p.Regions }, each[bool]{false, false, false, true, false, false}),
	flag("roles", HoldsNow, func(p *Policies) *bool { return &p.Roles }, each[bool]{true, true, false, true, false, false}),
	flag("lastAdminProtected", HoldsNow, func(p *Policies) *bool { return &p.LastAdminProtected }, each[bool]{true, true, true, true, true, true}),
	zone(PolicyTimeZone, HoldsNow, func(p *Policies) *string { return &p.TimeZone },
		each[string]{DefaultTimeZone, DefaultTimeZone, "Europe/Brussels", DefaultTimeZone, DefaultTimeZone, DefaultTimeZone}).
		saidBy(func(before, after Policies) Event {
			return TimeZoneChanged{TimeZone: after.TimeZone, OldTimeZone: before.TimeZone}
		}, ErrTimeZoneInvalid),
	flag("selfRegistration", HoldsLater, func(p *Policies) *bool { return &p.SelfRegistration }, each[bool]{false, false, false, false, true, false}),
	choice("personRequired", HoldsLater, PersonRules(), func(p *Policies) *PersonRule { return &p.PersonRequired },
		each[PersonRule]{PersonAlways, PersonOptional, PersonAlways, PersonNever, PersonNever, PersonNever}),
	flag("nationalNumber", HoldsLater, func(p *Policies) *bool { return &p.NationalNumber }, each[bool]{false, false, true, false, false, false}),
	day("nationalNumberFrom", HoldsLater, func(p *Policies) *string { return &p.NationalNumberFrom }, each[string]{"", "", "", "", "", ""}),
	flag("notificationChoice", HoldsLater, func(p *Policies) *bool { return &p.NotificationChoice }, each[bool]{false, false, false, true, false, false}),
	number("lockoutTries", HoldsLater, 0, 100, func(p *Policies) *int { return &p.LockoutTries }, each[int]{5, 0, 0, 0, 0, 0}),
	choice("secondStep", HoldsLater, SecondSteps(), func(p *Policies) *SecondStep { return &p.SecondStep },
		each[SecondStep]{SecondStepOptional, SecondStepOptional, SecondStepOptional, SecondStepOptional, SecondStepOptional, SecondStepOptional}),
}

func passwordChanged(before, after Policies) Event {
	return PasswordPolicyChanged{Password: after.Password, OldPassword: before.Password}
}

// PersonRule says whether an account belongs to a person.
type PersonRule string

// The rules.
const (
	PersonNever    PersonRule = "never"
	PersonOptional PersonRule = "optional"
	PersonAlways   PersonRule = "always"
)

// PersonRules returns every rule.
func PersonRules() []PersonRule { return []PersonRule{PersonNever, PersonOptional, PersonAlways} }

// Values implements domain.Enumeration.
func (PersonRule) Values() []string { return domain.Values(PersonRules()) }

// SecondStep says whether holders sign in with a second step.
type SecondStep string

// The rules.
const (
	SecondStepOptional SecondStep = "optional" // for each account apart
	SecondStepAlways   SecondStep = "always"
)

// SecondSteps returns every rule.
func SecondSteps() []SecondStep { return []SecondStep{SecondStepOptional, SecondStepAlways} }

// Values implements domain.Enumeration.
func (SecondStep) Values() []string { return domain.Values(SecondSteps()) }
