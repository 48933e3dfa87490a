package ui_test

import (
	"net/http"
	"regexp"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/rights"
)

// marked returns the fields that a page marks as changed, with old and new.
func (p page) marked() []string {
	var found []string
	for _, m := range regexp.MustCompile(`(?s)<dt class="changed">(.*?)</dt><dd class="changed">(.*?)</dd>`).FindAllStringSubmatch(p.body, -1) {
		found = append(found, plain(m[1]+" "+m[2]))
	}
	return found
}

var (
	tag   = regexp.MustCompile(`<[^>]*>`)
	space = regexp.MustCompile(`\s+`)
)

func plain(html string) string {
	return strings.TrimSpace(space.ReplaceAllString(tag.ReplaceAllString(html, " "), " "))
}

// said returns the sentences of the lines that a page shows.
func (p page) said() []string {
	var found []string
	for _, m := range regexp.MustCompile(`(?s)<p class="said">(.*?)</p>`).FindAllStringSubmatch(p.body, -1) {
		found = append(found, plain(m[1]))
	}
	return found
}

// TestTravel goes through an account's history step by step, by links alone.
func TestTravel(t *testing.T) {
	s := newSite(t)
	h := s.house("travel", "klic")
	admin := s.signIn("admin@travel.nl", goodPassword, "nl")
	s.advance(time.Hour)
	admin.post("/accounts/"+h.user+"/block", "reason", "misbruik <b>gemeld")
	s.advance(time.Hour)
	admin.post("/accounts/"+h.user+"/unblock", "reason", "")
	history := "/accounts/" + h.user + "/history"

	now := admin.open(history)
	now.says(t, "na 5 stappen", "zaterdag 14 maart 2026", `href="`+history+`?step=4"`, "misbruik &lt;b&gt;gemeld", "Ursula &lt;a href=")
	same(t, now.said(), []string{
		"Ad &lt;b&gt;travel&lt;/b&gt; deblokkeerde het account", "Ad &lt;b&gt;travel&lt;/b&gt; blokkeerde het account: misbruik &lt;b&gt;gemeld",
		"Het systeem activeerde het account", "Het systeem stelde een wachtwoord in", "Het systeem maakte het account aan met de rol gebruiker",
	})
	same(t, now.marked(), []string(nil))

	blocked := admin.open(history + "?step=4")
	same(t, blocked.marked(), []string{
		"status oud: actief → nieuw: geblokkeerd", "kan zich aanmelden oud: ja → nieuw: nee",
		"geblokkeerd oud: nee → nieuw: ja 14 mrt 2026 14:00 · Ad &lt;b&gt;travel&lt;/b&gt; · misbruik &lt;b&gt;gemeld",
	})
	blocked.says(t, "Stap 4 van 5", `href="`+history+`?step=3"`, `href="`+history+`?step=5"`, `aria-current="step"`)
	admin.open(history+"?step=0").says(t, "Het account bestond toen nog niet", "er was nog niets gebeurd")
	// 14:30 in Amsterdam is 13:30 UTC: after the block, before it was lifted.
	admin.open(history+"?at=2026-03-14T14:30:00%2B01:00").says(t, "Op 14 mrt 2026 14:30", "na stap 4 van 5", `value="2026-03-14T14:30"`)

	compared := admin.open(history + "?pin=3&step=4")
	compared.says(t, "Twee momenten naast elkaar: 3 verschillen", `<del class="old">`, `<ins class="new">`)
	same(t, compared.said(), []string{"Ad &lt;b&gt;travel&lt;/b&gt; blokkeerde het account: misbruik &lt;b&gt;gemeld"})
	admin.open(history+"?pin=4&step=4").says(t, "Kies nu een ander moment")

	oldest := admin.open(history + "?order=oldest&kind=rights")
	same(t, oldest.said(), []string{
		"Het systeem maakte het account aan met de rol gebruiker", "Ad &lt;b&gt;travel&lt;/b&gt; blokkeerde het account: misbruik &lt;b&gt;gemeld", "Ad &lt;b&gt;travel&lt;/b&gt; deblokkeerde het account",
	})
	oldest.says(t, "/api/v1"+history+"?format=spreadsheet&amp;sort=position", "/api/v1"+history+"?format=csv&amp;sort=position&amp;type=account.created.v1%2Caccount.blocked.v1%2Caccount.unblocked.v1")
	same(t, len(admin.open(history+"?by="+h.admin).said()), 2)
	same(t, len(admin.open(history+"?from=2026-03-15").said()), 0)
	same(t, len(admin.open(history+"?from=2026-03-14&to=2026-03-14").said()), 5)
	for _, wrong := range []string{"?step=x", "?step=-1", "?at=gisteren", "?kind=alles", "?from=14-3", "?pin=?"} {
		if p := admin.get(history + wrong); p.status != http.StatusBadRequest {
			t.Errorf("%s: %d", wrong, p.status)
		}
	}
}

// TestHistoryOfOthers shows a history to whom it concerns: not beyond the organization,
// and to its holder without who decided (N-18).
func TestHistoryOfOthers(t *testing.T) {
	s := newSite(t)
	here, there := s.house("here", "klic"), s.house("there", "klic")
	request := s.request(here.user, here.shown, "graag")
	admin, user := s.signIn("admin@here.nl", goodPassword, "nl"), s.signIn("user@here.nl", goodPassword, "nl")
	admin.post("/requests/"+request+"/approve", "next", "/requests")
	mine := "/accounts/" + here.user + "/history"

	admin.open(mine).says(t, "Ad &lt;b&gt;here&lt;/b&gt; keurde de aanvraag goed", here.admin)
	user.open(mine).says(t, "Een gebruikersbeheerder keurde de aanvraag goed", "Een gebruikersbeheerder kende de licentie toe").hides(t, here.admin, "Ad &lt;b&gt;", "Ad <b>")
	for path, want := range map[string]int{
		mine + "?by=" + here.admin: http.StatusForbidden, mine + "?by=" + here.user: http.StatusOK,
		"/accounts/" + here.admin + "/history": http.StatusNotFound, "/accounts/" + there.user + "/history": http.StatusNotFound,
		"/accounts/" + there.user + "/history/proof": http.StatusNotFound, "/accounts/nobody/history": http.StatusNotFound,
		"/audit": http.StatusForbidden, "/audit/accounts?actor=ad": http.StatusForbidden, "/manage": http.StatusForbidden, "/manage/outbox": http.StatusForbidden,
	} {
		if p := user.get(path); p.status != want {
			t.Errorf("%s: %d, want %d", path, p.status, want)
		}
	}
	if p := admin.get("/accounts/" + there.user + "/history"); p.status != http.StatusNotFound {
		t.Errorf("an admin opens another organization's history: %d", p.status)
	}
}

// TestF36_AReasonStandsWithItsDeedOnThePage too, where the reason is printed apart from the sentence.
func TestF36_AReasonStandsWithItsDeedOnThePage(t *testing.T) {
	s := newSite(t)
	here := s.house("here", "klic")
	s.request(here.user, here.shown, "graag")
	admin := s.signIn("admin@here.nl", goodPassword, "nl")
	s.until(admin, "/audit", "vroeg de licentie aan: ")
	for event, want := range map[string]string{"licenserequest.requested.v1": "Het systeem vroeg de licentie aan: graag", "reservation.claimed.v1": "Het systeem reserveerde een unieke naam"} {
		if said := admin.open("/audit?type=" + event).said(); len(said) == 0 || said[0] != want {
			t.Errorf("%s: %q, want %q", event, said, want)
		}
	}
}

// TestAuditPage searches the whole log by whom, about whom and what became of it.
func TestAuditPage(t *testing.T) {
	s := newSite(t)
	here, there := s.house("here", "klic"), s.house("there", "klic")
	root, admin := s.signIn("root", goodPassword, "nl"), s.signIn("admin@here.nl", goodPassword, "nl")
	admin.post("/accounts/"+here.user+"/block", "reason", "=SUM(A1)")
	admin.get("/accounts/" + there.user)
	s.until(root, "/audit", "blokkeerde het account")

	same(t, root.open("/audit?type=account.blocked.v1").said(), []string{"Ad &lt;b&gt;here&lt;/b&gt; blokkeerde het account: =SUM(A1)"})
	same(t, root.open("/audit?type=account.*&actor=admin@here.nl").said(), []string{"Ad &lt;b&gt;here&lt;/b&gt; blokkeerde het account: =SUM(A1)"})
	same(t, root.open("/audit?subject="+here.user+"&type=account.blocked.v1&from=2026-03-14&to=2026-03-14").said(), []string{"Ad &lt;b&gt;here&lt;/b&gt; blokkeerde het account: =SUM(A1)"})
	same(t, len(root.open("/audit?type=account.blocked.v1&to=2026-03-13").said()), 0)
	refused := root.open("/audit?outcome=refused&organization=" + here.id)
	refused.says(t, "werd geweigerd: ")
	root.open("/audit?actor=nl").says(t, "Wie bedoelt u met „nl”?", "admin@here.nl", "admin@there.nl")
	root.get("/audit/accounts?actor=user@h").says(t, `<option value="user@here.nl">`).hides(t, "<html", "there")

	admin.open("/audit").says(t, "blokkeerde het account").hides(t, there.user, there.id, "there.nl", `name="organization"`)
	admin.get("/audit/accounts?subject=user@there").hides(t, "there.nl")
	if p := admin.get("/audit?organization=" + there.id); p.status != http.StatusNotFound {
		t.Errorf("an admin searches another organization: %d", p.status)
	}
	for _, wrong := range []string{"?unknown=1", "?from=x", "?actor=a&actor=b", "?cursor=made-up", "?subject=%00"} {
		if p := root.get("/audit" + wrong); p.status != http.StatusBadRequest {
			t.Errorf("%s: %d", wrong, p.status)
		}
	}

	for _, name := range []string{"third", "fourth"} {
		s.house(name, "klic")
	}
	first := root.open("/audit")
	older := regexp.MustCompile(`id="older" href="([^"]+)"`).FindStringSubmatch(first.body)
	if older == nil {
		t.Fatalf("there is no second page:\n%s", first.body)
	}
	second := root.open(strings.ReplaceAll(older[1], "&amp;", "&"))
	if len(first.said()) != 50 || len(second.said()) == 0 || second.said()[0] == first.said()[0] {
		t.Errorf("pages of %d and %d lines", len(first.said()), len(second.said()))
	}
	csv := regexp.MustCompile(`href="(/api/v1/audit[^"]+)"`).FindStringSubmatch(root.open("/audit?type=account.blocked.v1&actor=admin@here.nl").body)
	root.open(strings.ReplaceAll(csv[1], "&amp;", "&")).says(t, "'=SUM(A1)").hides(t, "account.created")
}

// TestManage shows projections and lets who may rebuild them.
func TestManage(t *testing.T) {
	s := newSite(t)
	h := s.house("manage", "klic")
	compliance := s.account(h.id, "compliance@manage.nl", "Co", "compliance", "admin_password")
	root, officer := s.signIn("root", goodPassword, "nl"), s.signIn("compliance@manage.nl", goodPassword, "nl")

	root.open("/manage").says(t, "account_list_v1", "Lijst van accounts", "badge live", "10.1.2.3:4567", "/manage/outbox", "d29ydGVs", "Mails versturen")
	root.post("/manage/projections/account_list_v1/rebuild").leads(t, "/manage")
	s.until(root, "/manage", "opnieuw opgebouwd, naast het bestaande")
	if p := root.post("/manage/projections/nothing/rebuild"); p.status != http.StatusNotFound {
		t.Errorf("a read model that is not there: %d", p.status)
	}
	root.open("/manage/outbox").says(t, "Welkom &lt;b&gt;", "user@out.nl").hides(t, "Open &lt;a href")
	if p := root.get("/manage/outbox/" + s.outbox[0].Message); p.status != http.StatusNotFound {
		t.Errorf("a mail of which the log knows nothing is shown: %d", p.status)
	}

	officer.open("/manage").says(t, "account_list_v1").hides(t, "/rebuild", "10.1.2.3", "/manage/outbox", "d29ydGVs", compliance+"x")
	for _, path := range []string{"/manage/projections/account_list_v1/rebuild", "/manage/check"} {
		if p := officer.post(path); p.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	s.account(rights.PlatformOrganization, "compliance@platform", "Co", "compliance", "admin_password")
	everywhere := s.signIn("compliance@platform", goodPassword, "nl")
	everywhere.post("/manage/check").leads(t, "/manage#seals")
	everywhere.open("/manage").hides(t, "/rebuild", "/manage/outbox")
	for _, reader := range []*browser{officer, everywhere} {
		for _, path := range []string{"/manage/outbox", "/manage/outbox/" + s.outbox[0].Message} {
			if p := reader.get(path); p.status != http.StatusForbidden {
				t.Errorf("a compliance officer reads links that open accounts: %d", p.status)
			}
		}
	}
}

// TestPastInBothLanguages opens the pages of this subject in both.
func TestPastInBothLanguages(t *testing.T) {
	s := newSite(t)
	h := s.house("both", "klic")
	history := "/accounts/" + h.user + "/history"
	missing := regexp.MustCompile(`[\s>"](?:history|kind|facts|proof|audit|aggregate|manage|outbox|projection|reactor)\.[a-z_.0-9-]+[\s<"]`)
	for _, language := range []string{"nl", "en"} {
		root := s.signIn("root", goodPassword, language)
		for _, path := range []string{history, history + "?step=2", history + "?at=2026-03-14T23:59:59%2B01:00", history + "?step=2&pin=1", history + "/proof", "/audit", "/manage", "/manage/outbox"} {
			p := root.open(path).says(t, `<html lang="`+language+`"`).hides(t, "%!", "ZgotmplZ", "<no value>", " style=", "onclick", "hx-on", "<script>")
			_, content, _ := strings.Cut(p.body, "<main")
			if found := missing.FindString(content); found != "" {
				t.Errorf("%s in %s says %q", path, language, found)
			}
		}
	}
}

// TestTheHistoryOfAThing is that of whatever has a page and is no account.
func TestTheHistoryOfAThing(t *testing.T) {
	s := newSite(t)
	h, other := s.house("noord", "klic"), s.house("zuid", "klic")
	request := s.request(h.user, h.shown, "voor mijn werk")
	do[engine.None](s, licenses.ApproveLicense{RequestID: request})
	admin := s.signIn("admin@noord.nl", goodPassword, "nl")
	path := "/licenses/" + h.shown
	admin.open(path).says(t, path+"/history")
	admin.open(path+"/history").says(t, "Wat ermee gebeurde", "kende de licentie toe", "registreerde de licentie Shown noord",
		"/accounts/"+h.user, "/api/v1"+path+"/history?format=csv").hides(t, `<a href="`+path+`">openen`)
	admin.open("/organizations/"+h.id).says(t, "/organizations/"+h.id+"/history")
	admin.open("/organizations/"+h.id+"/history").says(t, "benoemde een beheerder")
	for _, path := range []string{"/licenses/" + other.shown, "/organizations/" + other.id, "/licenses/nonsense"} {
		if p := admin.get(path + "/history"); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	if p := s.signIn("user@noord.nl", goodPassword, "nl").get(path + "/history"); p.status != http.StatusNotFound {
		t.Errorf("a holder sees who else got the license: %d", p.status)
	}
}
