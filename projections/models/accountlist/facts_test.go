package accountlist_test

import (
	"context"
	"slices"
	"testing"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/readmodeltest"
)

// asked is a reader that keeps what is searched for.
type asked struct {
	machinery.DB
	found machinery.Found
}

func (a *asked) CountFound(_ context.Context, f machinery.Found, _ ...any) (int64, bool, error) {
	a.found = f
	return 0, false, nil
}

// TestF37_FactsSayWhatSQLSays asks for each value of each filter what the facts of each account say of it. They say what SQL
// says, and where the filter asks for nothing but facts they know.
func TestF37_FactsSayWhatSQLSays(t *testing.T) {
	byFacts := []string{"blocked", "closed", "enabled", "role", "activationChannel", "withoutRoles", "hasNickname", "internalEmployee", "hasPostalAddress"}
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		crowd(h, 120)
		all := collect(t, h, listing.Question{Now: noon, Query: listing.Query{Limit: 120}})
		facts := accountlist.Model.Facts()
		bits := map[string]uint32{}
		for i, fact := range facts {
			type row struct {
				ID string `db:"id"`
			}
			rows, err := machinery.Select[row](t.Context(), h.DB, "SELECT id FROM "+accountlist.Table+" WHERE "+fact.SQL())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				bits[r.ID] |= 1 << i
			}
		}
		for _, filter := range accountlist.Model.AllFilters() {
			values := filter.Values
			if filter.Kind == listing.Flag {
				values = []string{"true", "false"}
			}
			for _, value := range values {
				for sees, sights := range map[string]map[listing.Audience]listing.Sight{"all": listing.Everything(), "some": nil} {
					q := listing.Question{Now: noon, Fits: listing.Fits{filter.Name: value}, Sights: sights, Organization: id(1, 1)}
					fitting := ids(collect(t, h, q))
					q.Search = "a"
					reader := &asked{DB: h.DB}
					if _, err := accountlist.Model.Count(t.Context(), reader, q); err != nil {
						t.Fatal(err)
					}
					judge := reader.found.Judge(facts, true)
					for _, a := range keep(all, func(a accountlist.Item) bool { return a.OrganizationID == id(1, 1) }) {
						verdict := judge.Of(bits[a.ID])
						fits := slices.Contains(fitting, a.ID)
						if verdict == machinery.Fits && !fits || verdict == machinery.FitsNot && fits {
							t.Errorf("%s=%s, who sees %s: of %+v facts say %d", filter.Name, value, sees, a, verdict)
						}
						if verdict == machinery.Unsure && sees == "all" && slices.Contains(byFacts, filter.Name) {
							t.Errorf("%s=%s: facts don't say whether it fits %+v", filter.Name, value, a)
						}
					}
				}
			}
		}
	})
}
