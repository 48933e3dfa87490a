package ui_test

import (
	"net/http"
	"testing"
)

// TestF35_ThePagesWarnOfTheOwnAccount has an administrator block herself.
func TestF35_ThePagesWarnOfTheOwnAccount(t *testing.T) {
	s := newSite(t)
	h := s.house("zelf", "klic")
	other := s.account(h.id, "tweede@zelf.nl", "Tweede", "admin", "admin_password")
	b := s.signIn("admin@zelf.nl", goodPassword, "nl")
	s.settle()
	const warning, box = "Dit is uw eigen account. Als u doorgaat", `name="ownAccount"`
	own := "/accounts/" + h.admin
	for _, act := range []string{"/block", "/disable", "/close", "/dismiss"} {
		b.open(own+act).says(t, warning, box)
		b.open("/accounts/"+other+act).hides(t, warning, box)
	}
	b.open(own+"/validity").says(t, "Na de einddatum kunt u zich niet meer aanmelden.", box)
	b.open(own+"/security").says(t, "U wordt afgemeld", box)
	b.open("/accounts/"+other+"/security").hides(t, box)
	revision := b.open(own+"/validity").hidden(t, "revision")
	for _, form := range [][]string{{"/block", "reason", "x"}, {"/validity", "validUntil", "2027-01-01", "was-validUntil", "", "revision", revision}, {"/password", "generatePassword", "yes"}} {
		if p := b.post(own+form[0], form[1:]...); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%s without a word: %d", form[0], p.status)
		} else {
			p.says(t, "Bevestig dat u dat bedoelt", box)
		}
	}
	b.open("/accounts/selected?action=disable&id="+h.admin+"&id="+other).says(t, "1 van 2 kan", "Dit is uw eigen account.")
	b.post(own+"/block", "reason", "x", "ownAccount", "yes").leads(t, own+"?undo=unblock")
	if p := b.get("/accounts"); p.status != http.StatusSeeOther {
		t.Errorf("after it was meant: %d", p.status)
	}
}
