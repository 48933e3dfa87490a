package ui_test

import (
	"net/http"
	"net/url"
	"testing"
)

// sendChanged sends a form of a page as it was drawn, with some fields changed.
func (b *browser) sendChanged(drawn page, action string, changes ...string) page {
	b.s.t.Helper()
	form := drawn.holds(b.s.t, action)
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	pairs := []string{}
	for name, values := range form {
		for _, value := range values {
			pairs = append(pairs, name, value)
		}
	}
	return b.post(action, pairs...)
}

// TestF33_AStaleFormMergesByField has two people change an account at the same time.
func TestF33_AStaleFormMergesByField(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	one, other := s.signIn("admin@holland.nl", goodPassword, "nl"), s.signIn("root", goodPassword, "en")
	account := "/accounts/" + h.user
	edit := account + "/edit"

	drawn := one.open(edit)
	other.sendChanged(other.open(edit), edit, "email", "nieuw@example.nl").leads(t, account)
	saved := one.sendChanged(drawn, edit, "givenName", "Ursula", "surname", "Een")
	if saved.status != http.StatusSeeOther {
		t.Fatalf("a field that nobody else changed: %d %s", saved.status, saved.body)
	}
	one.open(saved.location).says(t, "Ursula Een", "nieuw@example.nl", "Intussen gebeurde dit", `root wijzigde`, `<ins class="new">nieuw@example.nl</ins>`)
	one.open(account).hides(t, "Intussen gebeurde dit")

	drawn = one.open(edit)
	other.sendChanged(other.open(edit), edit, "surname", "Twee", "description", "bij de balie").leads(t, account)
	stale := one.sendChanged(drawn, edit, "surname", "Drie")
	if stale.status != http.StatusPreconditionFailed {
		t.Fatalf("a field that both changed: %d", stale.status)
	}
	stale.says(t, "Intussen gebeurde dit", "root wijzigde", "Deze velden wijzigde u allebei", "<dd>Twee</dd>", `value="Drie"`, "bij de balie")
	one.sendChanged(stale, edit).leads(t, account) // sent again on purpose
	one.open(account).says(t, "Ursula Drie", "bij de balie", "nieuw@example.nl")
}

// TestF33_RulesMergeByField does so with the rules of an organization, each of which has a form of its own.
func TestF33_RulesMergeByField(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	one, other := s.signIn("root", goodPassword, "nl"), s.signIn("root", goodPassword, "en")
	rules := "/organizations/" + h.id + "/rules"
	drawn := one.open(rules)
	other.sendChanged(other.open(rules), rules+"/passwordMinLength", "value", "20").leads(t, rules)
	saved := one.sendChanged(drawn, rules+"/passwordMinDigits", "value", "3")
	if saved.status != http.StatusSeeOther {
		t.Fatalf("a rule that nobody else changed: %d %s", saved.status, saved.body)
	}
	now := one.open(rules)
	same(t, []string{now.holds(t, rules+"/passwordMinLength").Get("value"), now.holds(t, rules+"/passwordMinDigits").Get("value")}, []string{"20", "3"})

	drawn = one.open(rules)
	other.sendChanged(other.open(rules), rules+"/activationMonths", "value", "5").leads(t, rules)
	stale := one.sendChanged(drawn, rules+"/activationMonths", "value", "7")
	same(t, stale.status, http.StatusPreconditionFailed)
	stale.says(t, "Deze velden wijzigde u allebei", "<strong>5</strong>", `value="7"`)
}

// TestF33_AFormThatDoesNotSayWhatItHeldIsNotMerged keeps what somebody else changed.
func TestF33_AFormThatDoesNotSayWhatItHeldIsNotMerged(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("root", goodPassword, "nl")
	edit := "/accounts/" + h.user + "/edit"
	drawn := b.open(edit).holds(t, edit)
	b.sendChanged(b.open(edit), edit, "email", "nieuw@example.nl").leads(t, "/accounts/"+h.user)
	form := url.Values{"revision": drawn["revision"], "surname": {"Anders"}}
	same(t, b.send(http.MethodPost, edit, form).status, http.StatusPreconditionFailed)
}
