package ui_test

import (
	"fmt"
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/http/ui/frame"
)

// TestF30_NoTabStopsWithoutAWord has one license, and one request, more than a tab shows.
func TestF30_NoTabStopsWithoutAWord(t *testing.T) {
	s := newSite(t)
	h := s.house("noord", "klic")
	for i := range frame.Shown + 1 {
		s.request(h.user, s.license(h.id, fmt.Sprintf("Norm %03d", i), false, true), "")
	}
	cut, all := fmt.Sprintf("%d van %d getoond", frame.Shown, frame.Shown+1), "Alle tonen"
	admin, user := s.signIn("admin@noord.nl", goodPassword, "nl"), s.signIn("user@noord.nl", goodPassword, "nl")
	admin.open("/organizations/"+h.id+"/licenses").says(t, fmt.Sprintf("%d van %d getoond", frame.Shown, frame.Shown+5), all, "/licenses?organizationId="+h.id, "Norm 047").hides(t, "Norm 048") // the house has four of its own
	admin.open("/licenses?organizationId="+h.id).says(t, "Volgende pagina")
	admin.open("/accounts/"+h.user+"/licenses").says(t, cut, all, "/requests?accountId="+h.user+"&amp;status=all")
	user.open("/me").says(t, cut, fmt.Sprintf(`<span class="total">%d</span>`, frame.Shown+1)).hides(t, all, "<strong>Norm 000")
}

// TestAPostalAddressIsOneFact has the address of an account in one row, with lines where there is one.
func TestAPostalAddressIsOneFact(t *testing.T) {
	s := newSite(t)
	h := s.house("noord", "regicare")
	admin := s.signIn("admin@noord.nl", goodPassword, "nl")
	admin.open("/accounts/"+h.user).says(t, "<dt>Postadres</dt><dd class=\"prose\">–</dd>").hides(t, "postcode", "land van het postadres")
	text := func(value string) *string { return &value }
	do[engine.None](s, accounts.ChangeDetails{AccountID: h.user, Details: accounts.Details[*string]{
		Street: text("Dorpsstraat 1"), Postcode: text("8161ab"), City: text("Epe"), PostalCountry: text("NL"),
	}})
	admin.open("/accounts/"+h.user).says(t, "<dd class=\"prose\">Dorpsstraat 1\n8161 AB Epe\nNederland</dd>")
}
