package catalog

import "slices"

// Group is what readers of a history look for together. Its value stands in addresses.
type Group string

// The groups.
const (
	Refusals Group = "refusals"
	Access   Group = "rights"
	Security Group = "security"
	Mail     Group = "mail"
	Details  Group = "details"
)

// GroupAbout is what is said about a group.
type GroupAbout struct {
	Group Group
	Icon  string
	Says  Says
}

// Groups returns every group, the weightiest first: where one stroke stands for several
// events, it shows the first of their groups.
func Groups() []GroupAbout {
	return []GroupAbout{
		{Refusals, "warning", Says{NL: "Weigeringen", EN: "Refusals"}},
		{Access, "key", Says{NL: "Rechten en toegang", EN: "Rights and access"}},
		{Security, "lock", Says{NL: "Beveiliging", EN: "Security"}},
		{Mail, "mail", Says{NL: "Brieven en mails", EN: "Letters and mails"}},
		{Details, "edit", Says{NL: "Gegevens", EN: "Details"}},
	}
}

// Known says whether the group is one of Groups.
func (g Group) Known() bool {
	return slices.ContainsFunc(Groups(), func(about GroupAbout) bool { return about.Group == g })
}
