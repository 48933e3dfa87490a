package ui_test

import (
	"net/http"
	"testing"
)

// TestLicenseAccess ticks whom a license is for on its page: the provider allows it to be company-wide
// (N-11), the administrator turns that on and off (N-20, N-21), hides the license (N-22), and
// puts standards into it that can be asked for nevertheless (N-23).
func TestLicenseAccess(t *testing.T) {
	s := newSite(t)
	h := s.house("ticks", "klic")
	root, admin, user := s.signIn("root", goodPassword, "nl"), s.signIn("admin@ticks.nl", goodPassword, "nl"), s.signIn("user@ticks.nl", goodPassword, "nl")
	page := "/licenses/" + h.shown
	admin.open(page).says(t, "Bedrijfsbreed kan pas als uw leverancier dat").hides(t, page+"/company-wide", "Bedrijfsbreed toestaan")
	user.open(page).hides(t, page+"/selection", "Bedrijfsbreed")
	if p := admin.post(page+"/company-wide", "on", "yes"); p.status != http.StatusConflict {
		t.Errorf("company-wide without the provider: %d", p.status)
	} else {
		p.says(t, "De leverancier heeft niet toegestaan")
	}
	root.post(page+"/approve-company-wide").leads(t, page)
	root.open(page).says(t, "De organisatie mag de licentie bedrijfsbreed maken")
	admin.post(page+"/company-wide", "on", "yes").leads(t, page)
	admin.open(page).says(t, "Iedereen bij ticks heeft deze licentie", "dan houdt iedereen die de licentie nu heeft haar")
	admin.open("/licenses?companyWideApproved=true&companyWide=true").says(t, "Shown ticks")
	user.open("/").says(t, "Shown ticks")
	admin.post(page+"/company-wide").leads(t, page)
	admin.open(page).says(t, "De licentie is niet meer bedrijfsbreed", "admin@ticks.nl", "user@ticks.nl")
	admin.open(page+"/history").says(t, "maakte de licentie bedrijfsbreed", "maakte dat de licentie niet meer bedrijfsbreed is", "eerder bedrijfsbreed")
	admin.post(page+"/selection", "on", "").leads(t, page)
	admin.open(page).says(t, "De licentie staat niet meer in de licentieselectie")
	admin.open("/licenses?shownInSelection=false").says(t, "Shown ticks")

	admin.post(page+"/standards", "standard", "NEN <b>7510").leads(t, page)
	if p := admin.post(page+"/standards", "standard", " "); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a standard without a name: %d", p.status)
	}
	admin.open("/licenses?q=7510").says(t, "Shown ticks")
	if p := user.post("/me/standards", "standard", h.shown+"/NEN <b>7510", "reason", "audit"); p.status != http.StatusConflict {
		t.Errorf("a standard in a license that the account has: %d", p.status)
	}
	admin.post("/accounts/"+h.user+"/licenses/"+h.shown+"/revoke", "reason", "weg")
	user.open("/me").says(t, "Een norm aanvragen", h.shown+"/NEN &lt;b&gt;7510")
	user.post("/me/standards", "standard", h.shown+"/NEN <b>7510", "reason", "audit", "next", "/me").leads(t, "/me")
	user.open("/me").says(t, "NEN &lt;b&gt;7510").hides(t, "Een norm aanvragen")
	admin.open("/").says(t, "NEN &lt;b&gt;7510")
	admin.open("/requests").says(t, "NEN &lt;b&gt;7510", "audit")
	admin.open(page+"/history").says(t, "voegde de norm NEN &lt;b&gt;7510 toe")
	admin.post(page+"/standards/remove", "standard", "NEN <b>7510").leads(t, page)
	admin.open(page).says(t, "Er staan nog geen normen in deze licentie")
	if p := user.post(page+"/selection", "on", "yes"); p.status != http.StatusForbidden {
		t.Errorf("a holder shows a license: %d", p.status)
	}
}
