package rolegroup

import "sleutelbos/domain"

// Verdict says whether an account may do what a permission names.
type Verdict struct {
	Permission Permission
	Allowed    bool
	By         []string // the ids of the groups that permit it, in the order in which they were given
	Because    Denial   // why not; empty if it is allowed
}

// Denial is why an account may not do what a permission names.
type Denial string

// The denials, the strongest first.
const (
	DeniedUnusable   Denial = "account_not_usable" // it is stopped, is over, or was not activated yet
	DeniedNoRoles    Denial = "no_roles"
	DeniedNotGranted Denial = "not_granted"
)

// Denials returns every denial.
func Denials() []Denial { return []Denial{DeniedUnusable, DeniedNoRoles, DeniedNotGranted} }

// Values implements domain.Enumeration.
func (Denial) Values() []string { return domain.Values(Denials()) }

// Had is a role group that an account has.
type Had struct {
	ID string
	State
}

// Judge says of every permission whether an account may do what it names. What no group in use
// permits is denied, and so is everything to an account that may not be used.
func Judge(usable bool, groups []Had) []Verdict {
	var verdicts []Verdict
	for _, p := range Permissions() {
		v := Verdict{Permission: p}
		for _, g := range groups {
			if g.Permits(p) {
				v.By = append(v.By, g.ID)
			}
		}
		switch {
		case !usable:
			v.By, v.Because = nil, DeniedUnusable
		case len(groups) == 0:
			v.Because = DeniedNoRoles
		case len(v.By) == 0:
			v.Because = DeniedNotGranted
		default:
			v.Allowed = true
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}
