package ui_test

import "testing"

// TestHandOverCredentials records on the page of an account how its holder got the password.
func TestHandOverCredentials(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	invited := s.account(h.id, "bep@holland.nl", "Bep", "user", "mail_link")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	b.open("/accounts/"+invited).hides(t, "Inloggegevens")
	account := "/accounts/" + h.user
	b.open(account).says(t, "Inloggegevens persoonlijk gegeven", "Inloggegevens per telefoon gegeven", "Inloggegevens op papier gegeven")
	b.open(account+"/handover-letter").says(t, "In de historie komt te staan dat de gebruiker de inloggegevens heeft.", "Vastleggen: op papier gegeven")
	b.post(account+"/handover-letter").leads(t, account)
	b.open(account).says(t, "Vastgelegd dat de gebruiker de inloggegevens heeft.")
	b.open(account+"/history").says(t, "gaf gebruikersnaam en wachtwoord door (op papier)")
}
