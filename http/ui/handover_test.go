package ui_test

import "testing"

// TestHandOverCredentials records on the page of an account how its holder got the password.
func TestHandOverCredentials(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	invited := s.account(h.id, "bep@holland.nl", "Bep", "user", "mail_link")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	b.open("/accounts/"+invited).hides(t, "Aanmeldgegevens")
	account := "/accounts/" + h.user
	b.open(account).says(t, "Aanmeldgegevens persoonlijk gegeven", "Aanmeldgegevens per telefoon gegeven", "Aanmeldgegevens op papier gegeven")
	b.open(account+"/handover-letter").says(t, "In de historie komt te staan dat de gebruiker de aanmeldgegevens heeft.", "Vastleggen: op papier gegeven")
	b.post(account+"/handover-letter").leads(t, account)
	b.open(account).says(t, "Vastgelegd dat de gebruiker de aanmeldgegevens heeft.")
	b.open(account+"/history").says(t, "gaf gebruikersnaam en wachtwoord door (op papier)")
}
