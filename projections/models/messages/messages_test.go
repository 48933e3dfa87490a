package messages_test

import (
	"testing"
	"time"

	"sleutelbos/domain/message"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestMessages(t *testing.T) {
	tables := func() []machinery.Projection { return []machinery.Projection{messages.New(), accountlist.New()} }
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		failed := message.Failed{AccountID: "a", Attempt: 1, Error: "connect"}
		for i, more := range [][]any{
			{}, {failed}, {failed, message.Sent{AccountID: "a", Attempt: 2}}, {failed, message.GivenUp{AccountID: "a", Attempts: 1}},
		} {
			h.Put("message-"+string(rune('a'+i)), "mail", "org", noon, append([]any{message.Queued{
				AccountID: "a", OrganizationID: "org", Template: "registration", Recipient: "an@example.nl", Language: "nl",
			}}, more...)...)
		}
		h.Build()
		for status, id := range map[string]string{messages.Queued: "a", messages.Failed: "b", messages.Sent: "c", messages.GivenUp: "d"} {
			page, err := messages.Model.Page(t.Context(), h.DB, listing.Question{Account: "a", Fits: listing.Fits{"status": status}, Query: listing.Query{Search: "AN@example"}})
			if err != nil || page.Total != 1 || page.Items[0].ID != id {
				t.Errorf("%s: %+v (%v)", status, page.Items, err)
			}
		}
		given, err := messages.Model.Page(t.Context(), h.DB, listing.Question{ID: "d"})
		if err != nil || given.Items[0].Attempts != 1 || given.Items[0].LastError != "connect" {
			t.Errorf("%+v (%v)", given.Items, err)
		}
	})
}
