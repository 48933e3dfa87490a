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
	b.post(account+"/unshield").leads(t, account+"?undo=shield")
	s.signIn("admin@holland.nl", goodPassword, "en").open(account).says(t, "<dt>Internal employee</dt><dd>no</dd>", "Shield")
}

// TestShieldedPages asks the pages of an internal employee for the contact data, as whoever may
// not see them, and as whoever may.
func TestShieldedPages(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	s.account(h.id, "toezicht@holland.nl", "Toezicht", "compliance", "admin_password")
	account := "/accounts/" + h.user
	change := func(pairs ...string) {
		t.Helper()
		b.post(account+"/edit", append(pairs, "revision", b.open(account+"/edit").hidden(t, "revision"))...).leads(t, account)
	}
	change("name", "Ursula", "nickname", "Kanarie", "email", "kanarie@thuis.example", "description", "Kanarie in kamer 4")
	b.post(account+"/shield", "reason", "werkt bij ons").leads(t, account+"?undo=unshield")
	change("name", "Ursula", "nickname", "Kanarie 2", "email", "kanarie@thuis.example", "description", "")
	b.open(account).says(t, "Kanarie 2", "kanarie@thuis.example").hides(t, "Kanarie in kamer 4")

	c := s.signIn("toezicht@holland.nl", goodPassword, "nl")
	c.post("/accounts/columns", "column", "nickname", "next", "/accounts").leads(t, "/accounts")
	c.open(account).says(t, "Ursula", "De contactgegevens zijn afgeschermd")
	for _, path := range []string{account, account + "/mail", account + "/history", account + "/history?step=2", account + "/history?pin=2&step=6", "/accounts?hasNickname=false", "/audit", "/messages"} {
		c.open(path).hides(t, "Kanarie", "kanarie")
	}
	s.signIn("user@holland.nl", goodPassword, "nl").open(account).says(t, "Kanarie 2").hides(t, "De contactgegevens zijn afgeschermd")
}
