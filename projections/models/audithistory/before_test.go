package audithistory_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/readmodeltest"
)

// validitySetBefore and validityClearedBefore are what an earlier release wrote.
type (
	validitySetBefore struct {
		ValidUntil    string    `json:"valid_until"`
		EndsAt        time.Time `json:"ends_at"`
		OldValidUntil string    `json:"old_valid_until,omitempty"`
	}
	validityClearedBefore struct {
		OldValidUntil string `json:"old_valid_until"`
	}
)

// TestALogOfAnEarlierRelease builds read models from events whose form has changed since, and
// goes on in the form of today.
func TestALogOfAnEarlierRelease(t *testing.T) {
	models := func() []machinery.Projection {
		return []machinery.Projection{audithistory.New(), accountdetail.New()}
	}
	readmodeltest.OnBothEngines(t, models, func(t *testing.T, h *readmodeltest.House) {
		today := h.Journal.Registry
		h.Journal.Registry = eventstore.NewRegistry()
		eventstore.Register[account.Created](h.Journal.Registry, "account.created.v1")
		eventstore.Register[validitySetBefore](h.Journal.Registry, "account.validity_set.v1")
		eventstore.Register[validityClearedBefore](h.Journal.Registry, "account.validity_cleared.v1")
		end := func(month time.Month) time.Time {
			return time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC).Add(-time.Hour)
		}
		stream := "account-" + person
		h.Put(stream, "admin", org, noon,
			account.Created{OrganizationID: org, Username: "an@example.nl", Name: "An", Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "username-x"},
			validitySetBefore{"2026-10-31", end(11), ""}, validitySetBefore{"2026-11-30", end(12), "2026-10-31"}, validityClearedBefore{"2026-11-30"})
		h.Journal.Registry = today
		h.Put(stream, "admin", org, noon, account.ValiditySet{ValidUntil: "2026-12-31", EndsAt: end(13)})
		h.Build()

		page, err := audithistory.List(t.Context(), h.DB, audithistory.Filter{Types: []string{"account.validity_*"}}, listing.Query{})
		if err != nil {
			t.Fatal(err)
		}
		opener := audithistory.Opener{Registry: today, Keys: h.Keys}
		var got [][]audithistory.Change
		for _, row := range page.Items {
			line, err := opener.Open(t.Context(), row)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, line.Changes)
		}
		if diff := cmp.Diff([][]audithistory.Change{
			{{Field: "valid_until", New: "2026-10-31"}, {Field: "ends_at", New: "2026-10-31T23:00:00Z"}},
			{{Field: "valid_until", Old: "2026-10-31", New: "2026-11-30"}, {Field: "ends_at", Old: "2026-10-31T23:00:00Z", New: "2026-11-30T23:00:00Z"}},
			{{Field: "valid_until", Old: "2026-11-30"}},
			{{Field: "valid_until", New: "2026-12-31"}, {Field: "ends_at", New: "2026-12-31T23:00:00Z"}},
		}, got); diff != "" {
			t.Errorf("the history (-want +got):\n%s", diff)
		}
		rows, err := machinery.Select[accountdetail.Row](t.Context(), h.DB, "SELECT * FROM "+accountdetail.Table)
		if err != nil || len(rows) != 1 || rows[0].ValidUntil != "2026-12-31" || rows[0].Revision != 4 {
			t.Errorf("the account is %+v: %v", rows, err)
		}
	})
}
