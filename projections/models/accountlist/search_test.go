package accountlist_test

import (
	"slices"
	"testing"

	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/readmodeltest"
)

// TestF24_AccountsAreFound searches as people do: any words of what is known of somebody, in any order.
func TestF24_AccountsAreFound(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		org := id(1, 1)
		h.Put("organization-"+org, "root", org, noon, organization.Registered{Name: "Org", Preset: "nen"})
		people := map[string]account.Created{
			"berg":   {Name: "Jan van der Berg", Username: "jvdb@example.nl", Email: "jan.berg@prive.example", Phone: "+32475123456"},
			"yilmaz": {Name: "Ayşe Yılmaz", Username: "ay"}, "soren": {Name: "Søren Ærø", Username: "sa"},
			"lukasz": {Name: "Łukasz Straße", Username: "ls"}, "shield": {Name: "Piet Geheim", Username: "pg", Email: "piet@thuis.example"},
		}
		of := map[string]string{}
		n := 0
		for name, e := range people {
			n++
			e.OrganizationID, e.Role, e.Channel, e.UsernameReservation = org, account.RoleUser, account.ChannelMailLink, "username-x"
			of[id(2, n)] = name
			h.Put("account-"+id(2, n), "admin", org, noon, e)
			if name == "shield" {
				h.Put("account-"+id(2, n), "admin", org, noon, account.Shielded{Reason: "r"})
				h.Put("account-"+id(2, n), "admin", org, noon, account.NicknameSet{Nickname: "Schildpad"})
			}
			if name == "berg" {
				h.Put("account-"+id(2, n), "admin", org, noon, account.NicknameSet{Nickname: "Bergje"})
				h.Put("account-"+id(2, n), "admin", org, noon, account.EmailChanged{Email: "jan@nieuw.example", OldEmail: e.Email})
			}
		}
		h.Build()
		search := func(q listing.Question) string {
			found := []string{}
			for row, err := range accountlist.Model.All(t.Context(), h.DB, q) {
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, of[row.ID])
			}
			slices.Sort(found)
			if len(found) != 1 {
				return ""
			}
			return found[0]
		}
		for words, want := range map[string]string{
			"jan berg": "berg", "berg jan": "berg", "BERG, van der": "berg", "erg nieuw.example": "berg", "bergje": "berg", "jan@nieuw": "berg",
			"0475/12.34.56": "berg", "+32 475 12 34": "berg", "0032475123456": "berg", "prive": "",
			"yilmaz": "yilmaz", "YILMAZ ayse": "yilmaz", "soren": "soren", "aero": "soren", "lukasz": "lukasz", "strasse": "lukasz", "jan yilmaz": "",
			"geheim": "shield", "piet thuis": "shield", "schildpad": "shield",
		} {
			if got := search(listing.Question{Query: listing.Query{Search: words}, Sights: listing.Everything(), Now: noon}); got != want {
				t.Errorf("%q finds %q, want %q", words, got, want)
			}
		}
		for words, want := range map[string]string{"geheim": "shield", "piet pg": "shield", "piet thuis": "", "schildpad": "", "jan@nieuw": "berg"} {
			if got := search(listing.Question{Query: listing.Query{Search: words}, Now: noon}); got != want {
				t.Errorf("who sees no contact data of the shielded finds %q by %q, want %q", got, words, want)
			}
		}
	})
}

// TestF49_NamesInADomainElsewhere are those of accounts of other organizations that are still open,
// in any spelling of the domain.
func TestF49_NamesInADomainElsewhere(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		for n, e := range []account.Created{
			{OrganizationID: id(1, 1), Username: "own@other.nl"}, {OrganizationID: id(1, 2), Username: "CEO@Other.NL"}, {OrganizationID: id(1, 0), Username: "cfo@other.nl"},
			{OrganizationID: id(1, 2), Username: "ceo@mail.other.nl"}, {OrganizationID: id(1, 2), Username: "ceo", Email: "ceo@other.nl"},
			{OrganizationID: id(1, 2), Username: "gone@other.nl"}, {OrganizationID: id(1, 2), Username: "away@other.nl"},
			{OrganizationID: id(1, 2), Username: "info@MÜNCHEN.de"},
		} {
			e.Role, e.Channel, e.UsernameReservation = account.RoleUser, account.ChannelMailLink, "username-x"
			h.Put("account-"+id(2, n), "admin", e.OrganizationID, noon, e)
		}
		h.Put("account-"+id(2, 5), "admin", id(1, 2), noon, account.Closed{Reason: "r"})
		h.Put("account-"+id(2, 6), "admin", id(1, 2), noon, account.UsernameChanged{Username: "away@example.nl", OldUsername: "away@other.nl", UsernameReservation: "username-y"})
		h.Build()
		for _, c := range []struct {
			organization, domain string
			limit                int
			want                 []string
		}{
			{id(1, 1), "other.nl", 9, []string{id(2, 1), id(2, 2)}}, {id(1, 1), "other.nl", 1, []string{id(2, 1)}},
			{id(1, 2), "other.nl", 9, []string{id(2, 0), id(2, 2)}}, {id(1, 1), "xn--mnchen-3ya.de", 9, []string{id(2, 7)}}, {id(1, 1), "free.nl", 9, nil},
		} {
			rows, err := accountlist.InDomainElsewhere(t.Context(), h.DB, c.organization, c.domain, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range rows {
				got = append(got, row.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("in %s, for %s: %v, want %v", c.domain, c.organization, got, c.want)
			}
		}
	})
}
