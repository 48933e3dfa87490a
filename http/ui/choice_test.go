package ui_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/http/ui/frame"
)

// TestF30_EveryOrganizationCanBeChosen has more organizations than a select offers, and looks for the last of
// them wherever one is chosen, as somebody without scripts does.
func TestF30_EveryOrganizationCanBeChosen(t *testing.T) {
	s := newSite(t)
	register := func(name string) (string, eventstore.Position) {
		id := uuid.NewString()
		outcome, err := s.Commands.Run(t.Context(), engine.Request{Actor: rights.System("test"), Origin: eventstore.Origin{Channel: "system"}},
			organizations.RegisterOrganization{OrganizationID: id, Name: name, Preset: organization.Presets()[0]})
		must(t, err)
		return id, outcome.Position
	}
	for i := range frame.MostOptions {
		register(fmt.Sprintf("Aaa %04d", i))
	}
	last, position := register("Zzz laatste")
	must(t, s.Runner.WaitFor(t.Context(), position))
	b := s.signIn("root", goodPassword, "nl")
	option := `<option value="` + last + `"`
	for page, name := range map[string]string{
		"/accounts/new": "organizationId", "/accounts": "organizationId", "/licenses": "organizationId", "/licenses/new": "organizationId", "/requests": "organizationId",
		"/letters": "organizationId", "/messages": "organizationId", "/audit": "organization",
	} {
		search := `name="` + name + `-search"`
		if p := b.open(page).says(t, search); p.status != http.StatusOK {
			t.Errorf("%s: %d", page, p.status)
		}
		b.open(page+"?"+name+"-search=laatste").says(t, option, search, `value="laatste"`)
		b.open(page+"?"+name+"-search=nergens").says(t, search).hides(t, option)
		b.open(page+"?"+name+"-search=%ff%00").says(t, search)
		b.open(page+"?"+name+"="+last).says(t, option+" selected>Zzz laatste")
	}
}
