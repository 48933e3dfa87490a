package lettersbyaccount_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/lettersbyaccount"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func tables() []machinery.Projection {
	return []machinery.Projection{accountlist.New(), organizationlist.New(), lettersbyaccount.New()}
}

// house has four accounts: Ann got three letters, Ben one that waits, Zoë two in another
// organization, and Cor none.
func house(h *readmodeltest.House) {
	for _, org := range []string{"noord", "zuid"} {
		h.Put("organization-"+org, "root", org, noon, organization.Registered{Name: "Org " + org, Preset: "nen"})
	}
	for id, name := range map[string]string{"ann": "Ann", "ben": "Ben", "cor": "Cor", "zoe": "Zoë"} {
		h.Put("account-"+id, "root", orgOf(id), noon, account.Created{
			OrganizationID: orgOf(id), Username: id + "@example.nl", Name: name, Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "u",
		})
	}
	post := func(id, of string, after time.Duration, more ...any) {
		h.Put("letter-"+id, "admin", orgOf(of), noon.Add(after), append([]any{letter.Created{
			AccountID: of, OrganizationID: orgOf(of), Kind: letter.KindActivationCode, Subject: "Activatiegegevens", Recipient: "X", CredentialID: "c-" + id,
		}}, more...)...)
	}
	printed := func(id string) any { return letter.Printed{AccountID: id} }
	sent := func(id string) any { return letter.Sent{AccountID: id} }
	void := func(id string) any { return letter.Invalidated{AccountID: id, Because: letter.BecauseSuperseded} }
	post("a1", "ann", time.Hour, printed("ann"), sent("ann"), void("ann"))
	post("a2", "ann", 2*time.Hour, void("ann"))
	post("a3", "ann", 5*time.Hour, printed("ann"))
	post("b1", "ben", 3*time.Hour)
	post("z1", "zoe", time.Hour)
	post("z2", "zoe", 4*time.Hour)
	h.Build()
}

func orgOf(account string) string {
	if account == "zoe" {
		return "zuid"
	}
	return "noord"
}

func TestLettersByAccount(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		house(h)
		t.Run("counts what became of the letters of each account that got one", func(t *testing.T) {
			want := []lettersbyaccount.Item{
				{
					Row:      lettersbyaccount.Row{ID: "ben", OrganizationID: "noord", Made: 1, ToPrint: []string{"b1"}, Waiting: 1, LastAt: noon.Add(3 * time.Hour)},
					Username: "ben@example.nl", Name: "Ben", ListedName: "Ben", SortName: typed.SortKey("ben"), OrganizationName: "Org noord",
				},
				{
					Row:      lettersbyaccount.Row{ID: "zoe", OrganizationID: "zuid", Made: 2, ToPrint: []string{"z1", "z2"}, Waiting: 2, LastAt: noon.Add(4 * time.Hour)},
					Username: "zoe@example.nl", Name: "Zoë", ListedName: "Zoë", SortName: typed.SortKey("zoe"), OrganizationName: "Org zuid",
				},
				{
					Row:      lettersbyaccount.Row{ID: "ann", OrganizationID: "noord", Made: 3, Printed: 2, Sent: 1, Invalid: 2, LastAt: noon.Add(5 * time.Hour)},
					Username: "ann@example.nl", Name: "Ann", ListedName: "Ann", SortName: typed.SortKey("ann"), OrganizationName: "Org noord",
				},
			}
			if diff := cmp.Diff(want, all(t, h, listing.Question{}, 50)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
		t.Run("keeps what fits", func(t *testing.T) {
			having := func(name, value string) listing.Question {
				return listing.Question{Fits: map[string]string{name: value}}
			}
			searching := func(text string) listing.Question { return listing.Question{Query: listing.Query{Search: text}} }
			for name, c := range map[string]struct {
				question listing.Question
				want     []string
			}{
				"an organization":    {listing.Question{Organization: "noord"}, []string{"ben", "ann"}},
				"an account":         {having("accountId", "zoe"), []string{"zoe"}},
				"the own account":    {listing.Question{Account: "ben"}, []string{"ben"}},
				"waiting":            {having("waiting", "true"), []string{"ben", "zoe"}},
				"not waiting":        {having("waiting", "false"), []string{"ann"}},
				"by a name":          {searching("ZOE"), []string{"zoe"}},
				"by a username":      {searching("ann@"), []string{"ann"}},
				"one without letter": {searching("cor"), nil},
			} {
				if diff := cmp.Diff(c.want, ids(all(t, h, c.question, 50))); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
		t.Run("goes on from page to page in every order", func(t *testing.T) {
			for order, want := range map[string][]string{
				"lastLetterAt": {"ben", "zoe", "ann"}, "name": {"ann", "ben", "zoe"}, "made": {"ben", "zoe", "ann"},
				"invalid": {"ben", "zoe", "ann"}, "waiting": {"ann", "ben", "zoe"},
			} {
				for _, sort := range []string{order, "-" + order} {
					got := ids(all(t, h, listing.Question{Query: listing.Query{Sort: sort}}, 1))
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s (-want +got):\n%s", sort, diff)
					}
					slices.Reverse(want)
				}
			}
			if orders := len(lettersbyaccount.Model.Sorts()); orders != 5 {
				t.Errorf("%d orders, 5 are tested", orders)
			}
		})
	})
}

// all returns the rows that fit, from pages of a size.
func all(t *testing.T, h *readmodeltest.House, q listing.Question, size int) (rows []lettersbyaccount.Item) {
	t.Helper()
	for q.Limit = size; ; {
		page, err := lettersbyaccount.Model.Page(t.Context(), h.DB, q)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, page.Items...)
		if q.After = page.Next; page.Next == nil {
			return rows
		}
	}
}

func ids(rows []lettersbyaccount.Item) (list []string) {
	for _, row := range rows {
		list = append(list, row.ID)
	}
	return list
}
