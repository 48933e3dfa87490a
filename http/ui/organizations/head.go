package organizations

import (
	"net/http"
	"slices"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/models/organizationlist"
)

// organizationHead is what stands above every tab of an organization.
type organizationHead struct {
	organizationlist.Row
	Tab            string
	SeesAccounts   bool // and who administers
	SeesHistory    bool
	ManagesRules   bool
	ManagesDomains bool
	ManagesAdmins  bool
	ManagesLetters bool
	SeesMails      bool // and what they say
}

func (s Section) head(r *http.Request, tab string) (organizationHead, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return organizationHead{}, organization.ErrNotFound
	}
	row, err := s.Reach.Organization(r, id, rights.ReadOrganizations)
	if err != nil {
		return organizationHead{}, err
	}
	who := session.Who(r.Context())
	h := organizationHead{
		Row: row, Tab: tab, SeesAccounts: who.Reaches(rights.ReadAccounts, id, ""), SeesHistory: who.Reaches(rights.ReadHistory, id, ""), ManagesRules: who.Reaches(rights.ManageOrganizations, id, ""),
		ManagesDomains: who.Reaches(rights.ManageDomains, id, ""), ManagesAdmins: who.Reaches(rights.ManageAdmins, id, ""),
		ManagesLetters: who.Reaches(rights.ManageLetters, id, ""), SeesMails: who.Reaches(rights.ReadMessages, id, ""),
	}
	slices.Sort(h.Domains)
	return h, nil
}

// OwnRules reports whether the organization chooses its own rules.
func (h organizationHead) OwnRules() bool {
	return organization.Preset(h.Preset) == organization.PresetOwn
}
