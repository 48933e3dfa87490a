package ui_test

import "testing"

// TestF17_NoSearchSeesMoreThanItsReader searches wherever a page searches accounts, as an officer who
// may not see the contact data of a shielded account, by these data and by the name.
func TestF17_NoSearchSeesMoreThanItsReader(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	other := s.house("zuid", "officeheart")
	admin := s.signIn("admin@holland.nl", goodPassword, "nl")
	s.account(h.id, "toezicht@holland.nl", "Toezicht", "compliance", "admin_password")
	account := "/accounts/" + h.user
	admin.post(account+"/edit", "name", "Ursula", "nickname", "Kanarie", "email", "vogel@thuis.example", "phone", "0475123456",
		"revision", admin.open(account+"/edit").hidden(t, "revision")).leads(t, account)
	admin.post(account+"/shield", "reason", "werkt bij ons").leads(t, account+"?undo=unshield")

	officer := s.signIn("toezicht@holland.nl", goodPassword, "nl")
	for _, path := range []string{"/audit/accounts?actor=", "/audit/accounts?subject=", "/accounts?q="} {
		for _, kept := range []string{"kanarie", "vogel", "thuis.example", "0475123456"} {
			officer.open(path+kept).hides(t, "Ursula", "user@holland.nl")
			admin.open(path+kept).says(t, "user@holland.nl")
		}
		officer.open(path+"ursula").says(t, "user@holland.nl")
		officer.open(path+"zuid").hides(t, "user@zuid.nl")
	}
	for _, filter := range []string{"/audit?actor=", "/audit?subject="} {
		officer.open(filter+"vogel").hides(t, "Ursula", h.user)
		officer.open(filter+"user@zuid.nl").hides(t, other.user)
		officer.open(filter+other.user).hides(t, "user@zuid.nl")
	}
}
