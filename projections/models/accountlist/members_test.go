package accountlist_test

import (
	"slices"
	"testing"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/readmodeltest"
)

// TestMembers are the accounts of an organization that are not closed and were there by a moment, and of
// a mail domain those whose usernames are in it.
func TestMembers(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		for n, username := range []string{"ann@x.nl", "bob@X.nl", "cas@y.nl", "gone@x.nl", "late@x.nl"} {
			h.Put("account-"+id(2, n), "admin", id(1, 1), noon.Add(time.Duration(n/4)*time.Second), account.Created{
				OrganizationID: id(1, 1), Username: username, Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "username-x",
			})
		}
		h.Put("account-"+id(2, 5), "admin", id(1, 2), noon, account.Created{
			OrganizationID: id(1, 2), Username: "elsewhere@x.nl", Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "username-x",
		})
		h.Put("account-"+id(2, 3), "admin", id(1, 1), noon, account.Closed{Reason: "r"})
		h.Build()
		for _, c := range []struct {
			at            time.Time
			domain, after string
			limit         int
			want          []string
		}{
			{noon, "", "", 9, []string{id(2, 0), id(2, 1), id(2, 2)}},
			{noon.Add(time.Second), "", "", 9, []string{id(2, 0), id(2, 1), id(2, 2), id(2, 4)}},
			{noon, "", id(2, 0), 1, []string{id(2, 1)}},
			{noon, "x.nl", "", 9, []string{id(2, 0), id(2, 1)}},
			{noon, "x.nl", id(2, 1), 9, nil},
		} {
			got, err := accountlist.Members(t.Context(), h.DB, id(1, 1), c.at, c.domain, c.after, c.limit)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%+v: got %v (%v)", c, got, err)
			}
		}
	})
}
