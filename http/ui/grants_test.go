package ui_test

import (
	"net/http"
	"testing"
)

// TestF35_LicensesAreGivenAndTakenBack on the page of an account.
func TestF35_LicensesAreGivenAndTakenBack(t *testing.T) {
	s := newSite(t)
	h := s.house("norm", "own")
	b, user := s.signIn("admin@norm.nl", goodPassword, "nl"), s.signIn("user@norm.nl", goodPassword, "nl")
	s.settle()
	path := "/accounts/" + h.user + "/licenses"
	b.open(path).says(t, "Licentie toekennen", ">Hidden norm<").hides(t, "/revoke", `<option value="`+h.wide)
	b.post(path, "licenseId", h.shown).leads(t, path)
	const giver = " · Ad &lt;b&gt;norm" // who gave it, for whom sees who decides (N-18)
	b.open(path).says(t, "Terugnemen", "Shown norm terugnemen", giver).hides(t, `<option value="`+h.shown)
	user.open(path).says(t, "Shown norm").hides(t, "Terugnemen", "Licentie toekennen", giver)
	if p := user.post(path, "licenseId", h.hidden); p.status != http.StatusForbidden {
		t.Errorf("a user takes a license: %d", p.status)
	}
	if p := b.post(path + "/" + h.shown + "/revoke"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", p.status)
	}
	b.post(path+"/"+h.shown+"/revoke", "reason", "ander team").leads(t, path)
	b.open(path).hides(t, "/revoke")
	s.settle()
	b.open("/accounts/"+h.user+"/history").says(t, "nam de licentie terug", "ander team")

	request := s.request(h.user, h.shown, "nodig")
	b.post("/requests/"+request+"/approve").leads(t, "/requests/"+request)
	b.open("/requests/"+request).says(t, "Licentie terugnemen …", path)
	b.post(path+"/"+h.shown+"/revoke", "reason", "vergissing").leads(t, path)
	b.open(path).hides(t, "Shown norm terugnemen")
}

// TestWithoutLicensesTheyCanOnlyBeTakenAway: no page offers one, and what is held can be taken back.
func TestWithoutLicensesTheyCanOnlyBeTakenAway(t *testing.T) {
	s := newSite(t)
	h := s.house("norm", "own")
	b, user := s.signIn("admin@norm.nl", goodPassword, "nl"), s.signIn("user@norm.nl", goodPassword, "nl")
	path := "/accounts/" + h.user + "/licenses"
	b.post(path, "licenseId", h.shown).leads(t, path)
	s.settle()
	user.open("/me").says(t, `id="ask"`)
	s.policy(h.id, "licenses", "false")
	s.settle()
	user.open("/me").says(t, "Shown norm").hides(t, `id="ask"`)
	b.open(path).says(t, "Shown norm terugnemen").hides(t, "Licentie toekennen")
	if p := b.post(path, "licenseId", h.hidden); p.status != http.StatusConflict {
		t.Errorf("a license is given: %d", p.status)
	}
	b.post(path+"/"+h.shown+"/revoke", "reason", "geen licenties meer").leads(t, path)
	b.open(path).hides(t, "/revoke")
}
