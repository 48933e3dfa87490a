package accountlist_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/readmodeltest"
)

// TestWhatIsKeptIsNotFound asks the filters and the search of a list by a field that some may
// not see in some rows, here the nicknames of blocked accounts, whether they take it for empty
// in these rows.
func TestWhatIsKeptIsNotFound(t *testing.T) {
	blocked := func(a *accountlist.Item) bool { return a.Blocked }
	model := accountlist.Model
	model.SearchKept = "" // nothing that is searched is seen in these rows
	model.Fields = slices.Clone(model.Fields)
	for i, f := range model.Fields {
		model.Fields[i].Searched = false // but for the one that is asked for here
		if f.Name == "nickname" {
			model.Fields[i] = f.ForWhere(listing.Deciders, machinery.Is("blocked"), blocked).InSearch()
		}
	}
	model = model.Check()
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		crowd(h, 60)
		ctx := t.Context()
		ask := func(sights map[listing.Audience]listing.Sight, value, search string) []string {
			t.Helper()
			q := listing.Question{Query: listing.Query{Search: search}, Fits: map[string]string{"hasNickname": value}, Sights: sights, Now: noon}
			var found []accountlist.Item
			for row, err := range model.All(ctx, h.DB, q) {
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, row)
			}
			if n, err := model.Count(ctx, h.DB, q); err != nil || n != int64(len(found)) {
				t.Errorf("counted %d (%v), found %d", n, err, len(found))
			}
			got := ids(found)
			slices.Sort(got)
			return got
		}
		all := collect(t, h, listing.Question{Now: noon, Query: listing.Query{Limit: 60}})
		for name, c := range map[string]struct {
			sight listing.Sight
			sees  func(a accountlist.Item) bool
		}{
			"who sees all":                 {listing.Sight{All: true}, func(accountlist.Item) bool { return true }},
			"who sees nothing":             {listing.Sight{}, func(a accountlist.Item) bool { return !a.Blocked }},
			"who sees an organization":     {listing.Sight{Organization: id(1, 1)}, func(a accountlist.Item) bool { return !a.Blocked || a.OrganizationID == id(1, 1) }},
			"who sees but the own account": {listing.Sight{Account: id(2, 3)}, func(a accountlist.Item) bool { return !a.Blocked || a.ID == id(2, 3) }},
		} {
			sights := map[listing.Audience]listing.Sight{listing.Deciders: c.sight}
			for value, fits := range map[string]func(a accountlist.Item) bool{
				"true":  func(a accountlist.Item) bool { return a.Nickname != "" && c.sees(a) },
				"false": func(a accountlist.Item) bool { return a.Nickname == "" || !c.sees(a) },
			} {
				want := ids(keep(all, fits))
				slices.Sort(want)
				if diff := cmp.Diff(want, ask(sights, value, "")); diff != "" {
					t.Errorf("%s, %s (-want +got):\n%s", name, value, diff)
				}
			}
			want := ids(keep(all, c.sees))
			slices.Sort(want)
			if diff := cmp.Diff(want, ask(sights, "", "zoe")); diff != "" {
				t.Errorf("%s, in a search (-want +got):\n%s", name, diff)
			}
		}

		// A search without a field that is kept asks with no more than it needs, which PostgreSQL minds.
		sights := map[listing.Audience]listing.Sight{listing.Deciders: {Organization: id(1, 1)}}
		unsearched := model
		unsearched.Fields = slices.Clone(model.Fields)
		for i := range unsearched.Fields {
			unsearched.Fields[i].Searched = false
		}
		if n, err := unsearched.Count(ctx, h.DB, listing.Question{Query: listing.Query{Search: "zoe"}, Sights: sights, Now: noon}); err != nil || n != 60 {
			t.Errorf("a search by nothing that is kept: %d (%v)", n, err)
		}

		kept, err := model.Kept(ctx, h.DB, listing.Deciders)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if kept[a.ID] != a.Blocked {
				t.Errorf("%s is kept: %v, want %v", a.ID, kept[a.ID], a.Blocked)
			}
		}
		if one, err := model.Kept(ctx, h.DB, listing.Deciders, all[0].ID); err != nil || len(one) > 1 || one[all[0].ID] != all[0].Blocked {
			t.Errorf("of one: %v (%v)", one, err)
		}
	})
}
