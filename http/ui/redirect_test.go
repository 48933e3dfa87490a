package ui_test

import "testing"

// TestRedirectedMail redirects the mail of a holder on the pages, and ends that.
func TestRedirectedMail(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	account := "/accounts/" + h.user
	b.open(account).says(t, "<dt>E-mails naar de beheerder</dt><dd>nee</dd>", "E-mails naar beheerder").hides(t, "E-mails naar gebruiker")
	b.open(account+"/redirect").says(t, "E-mails voor de gebruiker gaan voortaan naar de beheerders.", "U kunt dit later terugdraaien")
	b.post(account+"/redirect").leads(t, account+"?undo=unredirect")
	b.open(account).says(t, "<dt>E-mails naar de beheerder</dt><dd>ja</dd>", "E-mails naar gebruiker")
	b.open(account+"/history").says(t, "stuurt e-mails voor de gebruiker naar de beheerder")
	b.post(account+"/unredirect").leads(t, account+"?undo=redirect")
	s.signIn("admin@holland.nl", goodPassword, "en").open(account).says(t, "<dt>Mails to the administrator</dt><dd>no</dd>", "Send mail to admins")
}
