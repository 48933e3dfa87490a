package ui_test

import "testing"

// TestInternalEmployee follows a fact of an account through the pages.
func TestInternalEmployee(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	account := "/accounts/" + h.user
	b.open(account).says(t, "<dt>Interne medewerker</dt><dd>nee</dd>", "Afschermen").hides(t, "Afscherming opheffen")
	b.open(account+"/shield").says(t, "Wie geen beheerder is, ziet de contactgegevens niet meer.", "Account afschermen", "U kunt dit later terugdraaien")
	b.post(account+"/shield", "reason", "werkt bij ons").leads(t, account+"?undo=unshield")
	b.open(account).says(t, "Het account is afgeschermd.", "<dt>Interne medewerker</dt><dd>ja</dd>", "Afscherming opheffen")
	b.post("/accounts/columns", "column", "internalEmployee", "next", "/accounts").leads(t, "/accounts")
	same(t, b.open("/accounts?internalEmployee=true").says(t, `data-label="Interne medewerker"`, "Interne medewerker: ja").rows(), []string{h.user})
	b.open(account+"/history").says(t, "schermde het account af als dat van een interne medewerker", "werkt bij ons")
	b.post(account + "/unshield").leads(t, account+"?undo=shield")
	s.signIn("admin@holland.nl", goodPassword, "en").open(account).says(t, "<dt>Internal employee</dt><dd>no</dd>", "Shield")
}
