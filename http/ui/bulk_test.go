package ui_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/regions"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/http/ui"
	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

// goOn sends the form of something that is done to several accounts, and returns the page that
// says what came of it.
func (b *browser) goOn(form string, pairs ...string) page {
	b.s.t.Helper()
	p := b.post("/accounts/selected", append([]string{"form", form}, pairs...)...)
	return b.opened(p.location)
}

// opened returns a page about several accounts once nothing is under way any more.
func (b *browser) opened(path string) page {
	b.s.t.Helper()
	p := b.open(path)
	for strings.Contains(p.body, `<progress`) {
		p = b.open("/accounts/selected?form=" + p.hidden(b.s.t, "form"))
	}
	return p
}

// TestBulk does everything that can be done to several accounts to two of them, one of which is so
// already, and takes back what it did: of the one that it changed, and of no other.
func TestBulk(t *testing.T) {
	s := newSite(t)
	h := s.house("samen", "klic")
	fresh, before := s.account(h.id, "fris@samen.nl", "Fris", "user", "mail_link"), s.account(h.id, "al@samen.nl", "Al", "user", "mail_link")
	group := do[rolegroups.RoleGroupMade](s, rolegroups.CreateRoleGroup{OrganizationID: h.id, Name: "Balie"}).RoleGroupID
	region := do[regions.RegionMade](s, regions.CreateRegion{OrganizationID: h.id, Name: "Oost"}).RegionID
	b := s.signIn("admin@samen.nl", goodPassword, "nl")
	ids := "&id=" + fresh + "&id=" + before
	for _, test := range []struct {
		act, choice, named, undo string
		already                  any // makes it so for the second
	}{
		{act: "block", already: accounts.BlockAccount{AccountID: before, Reason: "x"}, undo: "Deblokkeren"},
		{act: "disable", already: accounts.DisableAccount{AccountID: before, Reason: "x"}, undo: "Inschakelen"},
		{act: "end-date", choice: "2027-01-31", named: "31 jan 2027", already: accounts.SetValidUntil{AccountID: before, ValidUntil: "2027-01-31"}},
		{act: "assign-role", choice: group, named: "Balie", already: rolegroups.AssignRole{AccountID: before, RoleGroupID: group}, undo: "Rol intrekken"},
		{act: "to-region", choice: region, named: "Oost", already: regions.AssignUsersToRegion{RegionID: region, AccountIDs: []string{before}}, undo: "Uit een regio halen"},
		{act: "grant-license", choice: h.shown, named: "Shown samen", already: licenses.GrantLicense{LicenseID: h.shown, AccountID: before}, undo: "Licentie intrekken"},
	} {
		t.Run(test.act, func(t *testing.T) {
			do[engine.None](s, test.already)
			looked := b.opened("/accounts/selected?action=" + test.act + ids)
			if test.choice != "" {
				looked = b.goOn(looked.says(t, `name="choice"`).hidden(t, "form"), "choice", test.choice).says(t, test.named)
			}
			looked.says(t, "1 van 2 kan", "Er verandert niets: het is al zo.")
			done := b.goOn(looked.hidden(t, "form"), "reason", "samen").says(t, "1 van 2 gelukt", "Was al zo")
			if test.undo == "" {
				done.hides(t, `name="undo"`)
				return
			}
			back := b.goOn(done.says(t, "1 wijziging ongedaan maken").hidden(t, "form"), "undo", "yes").says(t, test.undo, "1 van 1 kan", "Fris").hides(t, "al@samen.nl")
			b.goOn(back.hidden(t, "form"), "reason", "toch niet").says(t, "1 van 1 gelukt")
			b.opened("/accounts/selected?action=" + test.act + ids) // it can be done again
		})
	}
	t.Run("close", func(t *testing.T) {
		looked := b.opened("/accounts/selected?action=close"+ids+"&id="+h.admin).says(t, "2 van 3 kan", "Dit is uw eigen account.")
		b.goOn(looked.hidden(t, "form"), "reason", "opgeheven").says(t, "2 van 3 gelukt").hides(t, `name="undo"`)
	})
}

// TestBulkOfAFilter acts on all that a filter finds, on whatever page they are.
func TestBulkOfAFilter(t *testing.T) {
	s := newSite(t)
	h, other := s.house("veel", "klic"), s.house("ander", "klic")
	for _, name := range []string{"een", "twee", "drie"} {
		s.account(h.id, name+"@veel.nl", "Nieuw "+name, "user", "mail_link")
	}
	s.account(other.id, "nieuw@ander.nl", "Nieuw elders", "user", "mail_link")
	b := s.signIn("admin@veel.nl", goodPassword, "nl")
	page := b.open("/accounts?q=nieuw&limit=2").says(t, "Alle 3 gevonden gebruikers", `name="all"`, `<option value="disable">`)
	b.open("/accounts?q=een").hides(t, `name="all"`)
	filter := page.hidden(t, "filter")
	looked := b.opened("/accounts/selected?action=disable&all=yes&filter="+url.QueryEscape(strings.ReplaceAll(filter, "&amp;", "&"))).says(t, "3 van 3 kan").hides(t, "elders")
	form := looked.hidden(t, "form")
	t.Run("shows it to nobody else", func(t *testing.T) {
		if p := s.signIn("admin@ander.nl", goodPassword, "nl").get("/accounts/selected?form=" + form); p.status != http.StatusGone {
			t.Errorf("another's selection: %d", p.status)
		} else {
			p.says(t, "Deze selectie is er niet meer").hides(t, "Nieuw")
		}
	})
	b.goOn(form, "reason", "klaar").says(t, "3 van 3 gelukt", "3 wijzigingen ongedaan maken")
	b.open("/accounts/selected?form="+form+"&show=refused").hides(t, "Nieuw een")
	b.open("/accounts/selected?form="+form+"&show=did").says(t, "Nieuw een")
	if p := b.get("/accounts/selected?action=disable&all=yes&filter=nonsense%3D1"); p.status != http.StatusBadRequest {
		t.Errorf("a filter that is none: %d", p.status)
	}
	// Who works without regions is offered none.
	s.house("school", "informat")
	s.signIn("admin@school.nl", goodPassword, "nl").open("/accounts").says(t, `<option value="close">`).hides(t, `<option value="to-region">`)
}

// TestBulkEndsWithItsAsker: who is blocked while something is done in that person's name does no more.
func TestBulkEndsWithItsAsker(t *testing.T) {
	goOn, ended := make(chan struct{}, 1), make(chan struct{}, 1)
	s := startSite(t, app.Serving{BootstrapUsername: "root", BootstrapPassword: goodPassword}, func(setup *apptest.Setup) {
		adjust := setup.Adjust.UI
		setup.Adjust.UI = func(c *ui.Config) {
			adjust(c)
			begin := c.Rebuilds.Background
			c.Rebuilds.Background = func(job func(context.Context)) {
				begin(func(ctx context.Context) {
					<-goOn
					job(ctx)
					ended <- struct{}{}
				})
			}
		}
	})
	h := s.house("einde", "klic")
	b := s.signIn("admin@einde.nl", goodPassword, "nl")
	goOn <- struct{}{}
	form := b.opened("/accounts/selected?action=disable&id="+h.user).says(t, "1 van 1 kan").hidden(t, "form")
	<-ended
	b.post("/accounts/selected", "form", form, "reason", "weg") // it waits for the test
	s.account(h.id, "tweede@einde.nl", "Tweede", "admin", "admin_password")
	do[engine.None](s, accounts.BlockAccount{AccountID: h.admin, Reason: "misbruik"})
	goOn <- struct{}{}
	<-ended
	s.settle()
	s.signIn("root", goodPassword, "nl").open("/accounts/"+h.user).hides(t, "uitgeschakeld")
}
