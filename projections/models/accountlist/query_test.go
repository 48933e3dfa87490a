package accountlist_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/organization"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func tables() []machinery.Projection {
	return []machinery.Projection{accountlist.New(), organizationlist.New()}
}

func id(kind, n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%08d%04d", kind, n) }

// crowd puts accounts with every mixture of facts.
func crowd(h *readmodeltest.House, n int) {
	random := rand.New(rand.NewPCG(1, 2))
	for o := range 2 {
		h.Put("organization-"+id(1, o), "root", id(1, o), noon, organization.Registered{Name: fmt.Sprintf("Org %d", o), Preset: "nen"})
	}
	for i := range n {
		stream, org := "account-"+id(2, i), id(1, i%2)
		put := func(e any) { h.Put(stream, "admin", org, noon.Add(time.Duration(i)*time.Minute), e) }
		put(account.Created{
			OrganizationID: org, Username: fmt.Sprintf("u%03d@example.nl", i), Name: fmt.Sprintf("Zoë Janssens %03d", (i*37)%n),
			Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "username-x",
		})
		if i%3 == 0 {
			put(account.NicknameSet{Nickname: fmt.Sprintf("Zo%d", i)})
		}
		if i%5 == 0 {
			put(account.Shielded{Reason: "r"})
		}
		if i%15 == 0 {
			put(account.Unshielded{})
		}
		if random.IntN(4) > 0 {
			put(account.ActivationSent{Channel: account.ChannelMailLink, CredentialID: "c", Attempt: 1, ExpiresAt: noon.Add(time.Duration(random.IntN(3)-1) * time.Hour)})
			switch random.IntN(3) {
			case 0:
				put(account.Activated{})
			case 1:
				put(account.ActivationExpired{CredentialID: "c", ExpiredAt: noon})
			}
		}
		for _, e := range []any{
			account.Blocked{Reason: "r"}, account.Disabled{Reason: "r"}, account.Closed{Reason: "r"},
			account.ValiditySet{ValidUntil: "2026-03-14", EndsAt: noon.Add(time.Duration(random.IntN(3)-1) * time.Hour)},
		} {
			if random.IntN(5) == 0 {
				put(e)
			}
		}
		if i%7 == 0 {
			h.Put("license-"+id(3, 1), "admin", org, noon, license.Granted{AccountID: id(2, i), OrganizationID: org, Origin: license.OriginAdmin})
		}
	}
	h.Build()
}

func TestList(t *testing.T) {
	const n = 120
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		crowd(h, n)
		ctx := t.Context()
		all := collect(t, h, listing.Question{Now: noon, Query: listing.Query{Limit: n}})
		if len(all) != n {
			t.Fatalf("%d accounts, want %d", len(all), n)
		}

		t.Run("the badge in SQL is the badge in Go", func(t *testing.T) {
			want := map[string]int64{}
			for _, a := range all {
				want[a.Badge(noon)]++
			}
			for _, badge := range account.Badges() {
				if want[string(badge)] == 0 {
					t.Errorf("nobody in the crowd wears the badge %s", badge)
				}
			}
			counts, err := accountlist.Counts(ctx, h.DB, "", noon)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, counts); diff != "" {
				t.Errorf("counts (-go +sql):\n%s", diff)
			}
			for badge, number := range want {
				for _, a := range collect(t, h, listing.Question{Now: noon, Fits: listing.Fits{"badge": badge}}) {
					if number--; a.Badge(noon) != badge {
						t.Errorf("%s is listed as %s and wears %s", a.ID, badge, a.Badge(noon))
					}
				}
				if number != 0 {
					t.Errorf("%d accounts with the badge %s are missing", number, badge)
				}
			}
		})

		t.Run("filters keep what fits", func(t *testing.T) {
			for name, c := range map[string]struct {
				question listing.Question
				fits     func(accountlist.Item) bool
			}{
				"organization": {listing.Question{Organization: id(1, 1)}, func(a accountlist.Item) bool { return a.OrganizationID == id(1, 1) }},
				"blocked":      {listing.Question{Fits: listing.Fits{"blocked": "true"}}, func(a accountlist.Item) bool { return a.Blocked }},
				"not closed":   {listing.Question{Fits: listing.Fits{"closed": "false"}}, func(a accountlist.Item) bool { return !a.Closed }},
				"enabled":      {listing.Question{Fits: listing.Fits{"enabled": "true"}}, func(a accountlist.Item) bool { return !a.Disabled }},
				"expired":      {listing.Question{Fits: listing.Fits{"expired": "true"}}, func(a accountlist.Item) bool { return a.Over(noon) }},
				"usable":       {listing.Question{Fits: listing.Fits{"canLogIn": "true"}}, func(a accountlist.Item) bool { return a.CanLogIn(noon) }},
				"not usable":   {listing.Question{Fits: listing.Fits{"canLogIn": "false"}}, func(a accountlist.Item) bool { return !a.CanLogIn(noon) }},
				"sent":         {listing.Question{Fits: listing.Fits{"activation": "sent"}}, func(a accountlist.Item) bool { return a.ActivationAt(noon) == string(account.StatusSent) }},
				"over":         {listing.Question{Fits: listing.Fits{"activation": "expired"}}, func(a accountlist.Item) bool { return a.ActivationAt(noon) == string(account.StatusExpired) }},
				"not sent":     {listing.Question{Fits: listing.Fits{"activation": "not_sent"}}, func(a accountlist.Item) bool { return a.ActivationAt(noon) == string(account.StatusNotSent) }},
				"completed":    {listing.Question{Fits: listing.Fits{"activation": "completed"}}, func(a accountlist.Item) bool { return a.ActivationAt(noon) == string(account.StatusCompleted) }},
				"license":      {listing.Question{Fits: listing.Fits{"license": id(3, 1)}}, func(a accountlist.Item) bool { return slices.Contains(a.Licenses, id(3, 1)) }},
				"ends soon":    {listing.Question{Fits: listing.Fits{"validUntilBefore": noon.Add(time.Minute).Format(time.RFC3339)}}, func(a accountlist.Item) bool { return !a.EndsAt.IsZero() && a.EndsAt.Before(noon.Add(time.Minute)) }},
			} {
				c.question.Now = noon
				got, want := ids(collect(t, h, c.question)), ids(keep(all, c.fits))
				if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 || len(got) == n {
					t.Errorf("%s (-want +got), %d of %d:\n%s", name, len(got), n, diff)
				}
			}
		})

		// The SQL of every filter with a few values is held to what its field says in Go, whose rules are
		// the domain's.
		t.Run("every filter keeps the rows whose field says so", func(t *testing.T) {
			compared := 0
			for _, f := range accountlist.Model.Fields {
				for _, filter := range f.Filters {
					values := filter.Values
					if filter.Kind == listing.Flag {
						values = []string{"true", "false"}
					}
					for _, value := range values {
						question := listing.Question{Fits: map[string]string{filter.Name: value}, Now: noon}
						var got []string
						for row, err := range accountlist.Model.All(ctx, h.DB, question) {
							if err != nil {
								t.Fatal(err)
							}
							got = append(got, row.ID)
						}
						want := ids(keep(all, func(a accountlist.Item) bool { return filter.Fits(f.Value(&a, noon)) == value }))
						slices.Sort(got)
						slices.Sort(want)
						if diff := cmp.Diff(want, got); diff != "" {
							t.Errorf("%s=%s (-go +sql):\n%s", filter.Name, value, diff)
						}
						compared++
					}
				}
			}
			if compared < 30 {
				t.Errorf("compared %d values only", compared)
			}
		})

		t.Run("pages follow each other in every order", func(t *testing.T) {
			for _, s := range accountlist.Model.Sorts() {
				up := collect(t, h, listing.Question{Now: noon, Query: listing.Query{Sort: s.Name, Limit: 7}})
				down := collect(t, h, listing.Question{Now: noon, Query: listing.Query{Sort: "-" + s.Name, Limit: 11}})
				if len(up) != n {
					t.Errorf("%s: %d accounts in all pages", s.Name, len(up))
				}
				slices.Reverse(down)
				if diff := cmp.Diff(ids(up), ids(down)); diff != "" {
					t.Errorf("%s: down is not up in reverse:\n%s", s.Name, diff)
				}
			}
		})

		t.Run("a search finds parts, without accents and case", func(t *testing.T) {
			for text, want := range map[string]int{"ZOE janssens": n, "u042@": 1, "SSENS 01": 21 /* in the name or the username */, "01 ssens @EXAMPLE u01": 10, "nobody": 0, "ë": n, "%": 0} {
				page, err := accountlist.Model.Page(ctx, h.DB, listing.Question{Now: noon, Query: listing.Query{Search: text}})
				if err != nil || page.Total != int64(want) {
					t.Errorf("%q: %d found, want %d (%v)", text, page.Total, want, err)
				}
			}
		})

		t.Run("an order that is not offered is refused", func(t *testing.T) {
			if _, err := accountlist.Model.Page(ctx, h.DB, listing.Question{Now: noon, Query: listing.Query{Sort: "id; DROP TABLE x"}}); err == nil {
				t.Error("no error")
			}
		})

		t.Run("what the clock has to end is found, oldest first", func(t *testing.T) {
			due, err := accountlist.DueActivations(ctx, h.DB, noon, n)
			if err != nil {
				t.Fatal(err)
			}
			want := keep(all, func(a accountlist.Item) bool {
				return a.Activation == string(account.StatusSent) && !a.ActivationExpiresAt.After(noon) && !a.Closed
			})
			slices.Sort(due)
			if diff := cmp.Diff(ids(want), due); diff != "" {
				t.Error(diff)
			}
		})
	})
}

func collect(t *testing.T, h *readmodeltest.House, q listing.Question) []accountlist.Item {
	t.Helper()
	var items []accountlist.Item
	for {
		page, err := accountlist.Model.Page(t.Context(), h.DB, q)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
		if q.After = page.Next; page.Next == nil {
			if int64(len(items)) != page.Total {
				t.Errorf("%d rows in pages, %d in total", len(items), page.Total)
			}
			if q.Sort == "" {
				slices.SortFunc(items, func(a, b accountlist.Item) int { return slices.Compare([]byte(a.ID), []byte(b.ID)) })
			}
			return items
		}
	}
}

func keep(items []accountlist.Item, fits func(accountlist.Item) bool) []accountlist.Item {
	return slices.DeleteFunc(slices.Clone(items), func(a accountlist.Item) bool { return !fits(a) })
}

func ids(items []accountlist.Item) []string {
	var list []string
	for _, item := range items {
		list = append(list, item.ID)
	}
	return list
}
