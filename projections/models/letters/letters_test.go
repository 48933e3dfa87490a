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
		yes, no := true, false
		for name, c := range map[string]struct {
			filter letters.Filter
			want   int64
		}{
			"all": {letters.Filter{Organization: "org"}, 4}, "printed": {letters.Filter{Printed: &yes}, 2}, "not printed": {letters.Filter{Printed: &no}, 2},
			"sent": {letters.Filter{Sent: &yes}, 1}, "invalid": {letters.Filter{Invalid: &yes}, 1}, "to do": {letters.Filter{Sent: &no, Invalid: &no}, 2},
			"of an account": {letters.Filter{Account: "a"}, 4}, "of nobody": {letters.Filter{Account: "b"}, 0}, "one": {letters.Filter{ID: "c"}, 1},
		} {
			page, err := letters.List(t.Context(), h.DB, c.filter, listing.Query{Search: "klantenportaal"})
			if err != nil || page.Total != c.want {
				t.Errorf("%s: %d, want %d (%v)", name, page.Total, c.want, err)
			}
		}
		last, err := letters.List(t.Context(), h.DB, letters.Filter{ID: "d"}, listing.Query{})
		if err != nil || last.Items[0].InvalidBecause != "superseded" || !last.Items[0].InvalidAt.Equal(noon) || last.Items[0].Revision != 1 {
			t.Errorf("%+v (%v)", last.Items, err)
		}
	})
}
