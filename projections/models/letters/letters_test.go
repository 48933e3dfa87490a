package letters_test

import (
	"testing"
	"time"

	"sleutelbos/domain/letter"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestLetters(t *testing.T) {
	tables := func() []machinery.Projection { return []machinery.Projection{letters.New()} }
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		for i, more := range [][]any{
			{},
			{letter.Printed{AccountID: "a"}},
			{letter.Printed{AccountID: "a"}, letter.Sent{AccountID: "a"}},
			{letter.Invalidated{AccountID: "a", Because: letter.BecauseSuperseded}},
		} {
			h.Put("letter-"+string(rune('a'+i)), "admin", "org", noon, append([]any{letter.Created{
				AccountID: "a", OrganizationID: "org", Kind: letter.KindActivationCode, Subject: "Activatiegegevens van ons klantenportaal", Recipient: "An", CredentialID: "c",
			}}, more...)...)
		}
		h.Build()
		for name, c := range map[string]struct {
			question listing.Question
			want     int64
		}{
			"all": {listing.Question{Organization: "org"}, 4}, "printed": {listing.Question{Fits: listing.Fits{"printed": "true"}}, 2}, "not printed": {listing.Question{Fits: listing.Fits{"printed": "false"}}, 2},
			"sent": {listing.Question{Fits: listing.Fits{"sent": "true"}}, 1}, "invalid": {listing.Question{Fits: listing.Fits{"invalid": "true"}}, 1}, "to do": {listing.Question{Fits: listing.Fits{"sent": "false", "invalid": "false"}}, 2},
			"of an account": {listing.Question{Account: "a"}, 4}, "of nobody": {listing.Question{Account: "b"}, 0}, "one": {listing.Question{ID: "c"}, 1},
		} {
			c.question.Search = "klantenportaal"
			page, err := letters.Model.Page(t.Context(), h.DB, c.question)
			if err != nil || page.Total != c.want {
				t.Errorf("%s: %d, want %d (%v)", name, page.Total, c.want, err)
			}
		}
		last, err := letters.Model.Page(t.Context(), h.DB, listing.Question{ID: "d"})
		if err != nil || last.Items[0].InvalidBecause != "superseded" || !last.Items[0].InvalidAt.Equal(noon) || last.Items[0].Revision != 1 {
			t.Errorf("%+v (%v)", last.Items, err)
		}
	})
}
