package ui_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sleutelbos/internal/app"
)

var nextStep = regexp.MustCompile(`<ol class="steps begin">(?s:.*?)<a href="([^"]+)" class="button primary" autofocus>`)

// next returns the address to which the home page leads whoever begins.
func (p page) next(t *testing.T) string {
	t.Helper()
	found := nextStep.FindStringSubmatch(p.body)
	if found == nil {
		t.Fatalf("the page leads nowhere:\n%s", p.body)
	}
	return html.UnescapeString(found[1])
}

// TestFirstUseLeads goes from the empty program to the first sign-in of a user, by what the pages
// say and by nothing else.
func TestFirstUseLeads(t *testing.T) {
	s := startSite(t, app.Serving{})
	setup, err := url.Parse(s.SetupLink)
	must(t, err)
	b := s.browser("nl")
	b.open(setup.Path).says(t, "wachtwoord")
	b.post(setup.Path, "username", "provider", "name", "Provider", "password", goodPassword).leads(t, "/")

	form := b.open(b.open("/").says(t, "Aan de slag").next(t))
	form.says(t, "Eigen keuze", "Zorg en welzijn", "Zoals RegiCare", "Normen en licenties")
	made := b.post("/organizations/new", "organizationId", form.hidden(t, "organizationId"), "name", "Eigen Huis", "preset", "own")
	b.open(made.location).says(t, "nog geen beheerder", "Eerste beheerder toevoegen", "Kies nu de regels")

	admin := b.open("/").next(t)
	b.open(admin).says(t, `value="admin" checked`)
	organization := strings.TrimPrefix(made.location, "/organizations/")
	account := func(role, username string) {
		t.Helper()
		b.post("/accounts/new", "organizationId", organization, "role", role, "name", "Iemand", "username", username, "channel", "mail_link", "sendNow", "yes")
	}
	account("admin", "beheer@eigen-huis.nl")
	b.open(made.location).hides(t, "nog geen beheerder")
	link := s.link()

	b.open(b.open("/").next(t)).says(t, `value="user" checked`)
	account("user", "iemand@eigen-huis.nl")
	b.open("/").says(t, "Laat iemand zich aanmelden")
	if next := b.open("/").next(t); next != "/messages" {
		t.Errorf("the last step leads to %s", next)
	}
	holder := s.browser("nl")
	holder.post(link, "password", "Sleutel-Hanger-77").leads(t, "/login")
	holder.post("/login", "username", "beheer@eigen-huis.nl", "password", "Sleutel-Hanger-77").leads(t, "/")
	holder.open("/").hides(t, "Aan de slag") // it is the provider's
	s.settle()
	b.open("/").hides(t, "Aan de slag") // all is done
}
