package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sleutelbos/internal/app"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeSource is put into pages over the browser's own protocol: their policy lets in no
// script from elsewhere.
//
//go:embed testdata/axe/axe.min.js
var axeSource string

// looked is a page as somebody sees it.
type looked struct {
	name, who, path string
	status          int64 // 0 is 200
}

// allPages returns every page, with something in it.
func (h *house) allPages(t *testing.T) []looked {
	linde, dijk := h.organizationOf("admin"), h.organizationOf("letters")
	account := func(badge string) string {
		return "/accounts/" + h.first("/accounts?organizationId="+linde+"&badge="+badge)
	}
	blocked, disabled, late := account("blocked"), account("disabled"), account("activation_expired")
	eventful := "/accounts/" + h.eventful(linde)
	unsent, lettered := account("activation_not_sent"), "/accounts/"+h.first("/accounts?organizationId="+dijk+"&badge=activation_expired")
	service := h.run("CreateAccount", body{
		"organizationId": linde, "username": "koppeling", "name": "Koppeling", "role": "service", "channel": "admin_password",
	}).Result["accountId"].(string)
	request := "/requests/" + h.first("/license-requests?organizationId="+linde+"&status=open")
	decided := "/requests/" + h.first("/license-requests?organizationId="+linde+"&status=rejected")
	person := "/persons/" + h.first("/persons?volunteer=true&employee=true&organizationId="+linde)
	hidden := "/persons/" + h.first("/persons?internalEmployee=true&organizationId="+linde)
	region := "/regions/" + h.first("/regions?sort=name")
	roles := "/role-groups/" + h.first("/role-groups?organizationId="+linde+"&q=Zorgmedewerker")
	standard := "/role-groups/" + h.first("/role-groups?organizationId="+dijk+"&q=Standaard")
	bare := "/accounts/" + h.first("/accounts?withoutRoles=true&role=user&organizationId="+linde)
	admin := "/accounts/" + h.accountOf(demoRoles["admin"])
	valid, over := h.activations(t, linde)
	return []looked{
		{"login", "", "/login", 0},
		{"activation", "", valid, 0},
		{"activation over", "", over, 410},
		{"activation unknown", "", "/activate/none-such", 404},
		{"activation asked", "", "/activation-requested", 0},
		{"missing, unknown reader", "", "/none-such", 404},

		{"home of a holder", "holder", "/", 0},
		{"own account", "holder", "/me", 0},
		{"own password", "holder", "/password", 0},
		{"no right", "holder", "/audit", 403},

		{"home of an admin", "admin", "/", 0},
		{"accounts", "admin", "/accounts", 0},
		{"accounts filtered", "admin", "/accounts?badge=blocked&role=user&q=a", 0},
		{"accounts filtered by the rest", "admin", "/accounts?show=all&activation=completed&canLogIn=true&enabled=true&sort=-createdAt", 0},
		{"accounts none", "admin", "/accounts?q=none-such", 0},
		{"accounts selected", "admin", "/accounts/selected?action=send&id=" + strings.TrimPrefix(late, "/accounts/") + "&id=" + strings.TrimPrefix(blocked, "/accounts/"), 0},
		{"accounts selected to disable", "admin", "/accounts/selected?action=disable&id=" + strings.TrimPrefix(unsent, "/accounts/"), 0},
		{"new account", "admin", "/accounts/new", 0},
		{"account blocked", "admin", blocked, 0},
		{"account late", "admin", late, 0},
		{"account licenses", "admin", blocked + "/licenses", 0},
		{"account mail", "admin", late + "/mail", 0},
		{"account security", "admin", disabled + "/security", 0},
		{"service account security", "admin", "/accounts/" + service + "/security", 0},
		{"block", "admin", unsent + "/block", 0},
		{"block refused", "admin", blocked + "/send", 0},
		{"edit", "admin", unsent + "/edit", 0},
		{"username", "admin", unsent + "/username", 0},
		{"validity", "admin", unsent + "/validity", 0},
		{"requests", "admin", "/requests", 0},
		{"requests decided", "admin", "/requests?status=rejected", 0},
		{"request", "admin", request, 0},
		{"request decided", "admin", decided, 0},
		{"licenses", "admin", "/licenses", 0},
		{"license", "admin", "/licenses/" + h.first("/licenses?organizationId="+linde), 0},
		{"own organization", "admin", "/organizations/" + linde, 0},
		{"missing", "admin", "/accounts/" + id(9, 9), 404},
		{"own account blocked by oneself", "admin", admin + "/block", 0},
		{"accounts without roles", "admin", "/accounts?withoutRoles=true&role=user", 0},
		{"account roles", "admin", blocked + "/roles", 0},
		{"account without roles", "admin", bare + "/roles", 0},
		{"own roles", "holder", "/accounts/" + h.accountOf(demoRoles["holder"]) + "/roles", 0},
		{"role groups", "admin", "/role-groups", 0},
		{"role groups, a search without result", "admin", "/role-groups?q=none-such", 0},
		{"role groups' matrix", "admin", "/role-groups/matrix", 0},
		{"role group", "admin", roles, 0},
		{"role group, a search without result", "admin", roles + "?q=none-such", 0},
		{"role group's history", "admin", roles + "/history", 0},
		{"new role group", "admin", "/role-groups/new", 0},
		{"role group of everybody", "letters", standard, 0},
		{"role group as compliance sees it", "compliance", roles, 0},

		{"letters", "letters", "/letters", 0},
		{"letters by account", "letters", "/letters/by-account", 0},
		{"letters to print", "letters", "/letters/print?id=" + h.first("/letters?printed=false&sent=false&invalid=false&organizationId="+dijk), 0},
		{"letter", "letters", "/letters/" + h.first("/letters?organizationId="+dijk), 0},
		{"account with letter", "letters", lettered + "/mail", 0},

		{"persons", "admin", "/persons", 0},
		{"persons, contacts", "admin", "/persons?contact=true", 0},
		{"persons, a search without result", "admin", "/persons?q=none-such", 0},
		{"person", "admin", person + "?on=2026-01-01", 0},
		{"person shielded", "compliance", hidden, 0},
		{"person's details", "admin", person + "/edit", 0},
		{"person's history", "admin", person + "/history", 0},
		{"new person", "admin", "/persons/new", 0},
		{"regions", "regions", "/regions", 0},
		{"regions, a search without result", "regions", "/regions?q=none-such", 0},
		{"region", "regions", region, 0},
		{"region archived", "regions", "/regions/" + h.first("/regions?archived=true"), 0},
		{"region's history", "regions", region + "/history", 0},
		{"new region", "regions", "/regions/new", 0},
		{"own region", "in regions", region, 0},

		{"home of compliance", "compliance", "/", 0},
		{"history", "compliance", eventful + "/history", 0},
		{"history, a step", "compliance", eventful + "/history?step=4", 0},
		{"history compared", "compliance", eventful + "/history?step=5&pin=2", 0},
		{"proof", "compliance", blocked + "/history/proof", 0},
		{"audit", "compliance", "/audit", 0},
		{"audit filtered", "compliance", "/audit?type=account.*&outcome=done", 0},

		{"home of the platform", "platform", "/", 0},
		{"new license", "platform", "/licenses/new", 0},
		{"new account anywhere", "platform", "/accounts/new", 0},
		{"organizations", "platform", "/organizations", 0},
		{"organization", "platform", "/organizations/" + linde, 0},
		{"organization's admins", "platform", "/organizations/" + linde + "/admins", 0},
		{"organization's licenses", "platform", "/organizations/" + linde + "/licenses", 0},
		{"sender of letters", "platform", "/organizations/" + linde + "/sender", 0},
		{"organization's rules", "platform", "/organizations/" + linde + "/rules", 0},
		{"withdraw a domain", "platform", "/organizations/" + linde + "/domains/delinde-zorg.nl/withdraw", 0},
		{"new region anywhere", "platform", "/regions/new", 0},
		{"new organization", "platform", "/organizations/new", 0},
		{"messages", "platform", "/messages", 0},
		{"role groups anywhere", "platform", "/role-groups", 0},
		{"role groups' matrix anywhere", "platform", "/role-groups/matrix", 0},
		{"new role group anywhere", "platform", "/role-groups/new", 0},
		{"manage", "platform", "/manage", 0},
		{"outbox", "platform", "/manage/outbox", 0},
	}
}

// eventful returns the account of an organization to which most happened.
func (h *house) eventful(organization string) (id string) {
	h.t.Helper()
	var list struct {
		Items []struct {
			ID       string
			Revision int64
		}
	}
	must(h.t, json.Unmarshal([]byte(h.fresh("/accounts?role=user&limit=100&organizationId="+organization)), &list))
	most := int64(-1)
	for _, row := range list.Items {
		if row.Revision > most {
			id, most = row.ID, row.Revision
		}
	}
	return id
}

// organizationOf returns the organization of one of the demo's people.
func (h *house) organizationOf(role string) string {
	h.t.Helper()
	return h.row("/accounts/" + h.accountOf(demoRoles[role]))["organizationId"].(string)
}

func (h *house) accountOf(username string) string {
	h.t.Helper()
	return h.first("/accounts?q=" + username)
}

var activationLink = regexp.MustCompile(`https?://[^\s]+(/activate/[^\s]+)`)

// linkTo returns the path of the newest activation link that was mailed to somebody.
func (h *house) linkTo(t testing.TB, username string) (path string) {
	t.Helper()
	eventually(t, patience, func() error {
		mails, err := h.Outbox().Newest(100)
		must(t, err)
		for _, m := range mails {
			if found := activationLink.FindStringSubmatch(m.Text); found != nil && strings.Contains(m.To, username) {
				path = found[1]
				return nil
			}
		}
		return fmt.Errorf("no link to %s among %d mails", username, len(mails))
	})
	return path
}

// activations returns a link that has force, and one that a newer one replaced.
func (h *house) activations(t *testing.T, organization string) (valid, over string) {
	const username = "nieuw@delinde-zorg.nl"
	made := h.run("CreateAccount", body{"organizationId": organization, "username": username, "name": "Nieuw Gezicht", "role": "user", "channel": "mail_link"})
	send := func() { h.run("SendActivation", body{"accountId": made.Result["accountId"]}) }
	send()
	over = h.linkTo(t, username)
	send()
	eventually(t, patience, func() error {
		if valid = h.linkTo(t, username); valid == over {
			return fmt.Errorf("the second mail to %s is not there", username)
		}
		return nil
	})
	return valid, over
}

// testFaults makes a page do what none may, to know that it would be found.
func (h *house) testFaults(t *testing.T) {
	p := h.newTab(t)
	h.visit(p, looked{path: "/login"})
	do(p, chromedp.EmulateViewport(320, height), chromedp.Evaluate[chromedp.Void](`(() => {
		console.error("a fault");
		document.querySelector("main").setAttribute("style", "color: red");
		fetch("https://elsewhere.example/").catch(() => {});
		const added = document.createElement("p");
		added.innerHTML = "<img src='/static/icon.svg' class='top'>" + "wide".repeat(400);
		document.querySelector("h1").append(added);
	})()`))
	eventually(t, patience, func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, want := range []string{"console: ", "style-src", "connect-src"} {
			if !slices.ContainsFunc(p.faults, func(f string) bool { return strings.Contains(f, want) }) {
				return fmt.Errorf("%s is not among %q", want, p.faults)
			}
		}
		return nil
	})
	if found := p.axe("light"); len(found) != 1 || found[0].Rule != "image-alt" {
		t.Errorf("axe found %+v", found)
	}
	if out := ask(p, chromedp.Evaluate[[]string](stickingOut)); len(out) == 0 {
		t.Error("a page that is too wide is not seen")
	}
}

// testPages looks at every page in both languages, light and dark: it comes as it should,
// is silent, and has no fault that axe can find.
func (h *house) testPages(t *testing.T) {
	empty := start(t, app.Places{Data: t.TempDir()}, func(s *app.Serving) { s.BootstrapAPIKey = "" })
	setup := empty.SetupLink
	for _, lang := range []string{"nl", "en"} {
		for _, theme := range []string{"light", "dark"} {
			t.Run(lang+" "+theme, func(t *testing.T) {
				t.Parallel()
				p := h.newTab(t)
				p.appearance(lang, theme)
				for _, l := range h.pages {
					t.Run(l.name, func(t *testing.T) {
						p.t = t
						h.look(p, l, lang, theme)
					})
				}
				t.Run("setup", func(t *testing.T) {
					p.t, p.origin = t, empty.PublicURL.String()
					h.look(p, looked{path: strings.TrimPrefix(setup, p.origin)}, lang, theme)
				})
			})
		}
	}
}

// appearance chooses language and theme: Dutch readers choose the theme here, English
// ones have it from their system, so that both ways to it are looked at.
func (p *tab) appearance(lang, theme string) {
	p.t.Helper()
	p.cookie("language", lang)
	if lang == "nl" {
		p.cookie("theme", theme)
		return
	}
	p.wants(theme)
}

// visit opens a page as who looks at it.
func (h *house) visit(p *tab, l looked) {
	p.t.Helper()
	p.cookie(sessionCookie, h.cookies[l.who])
	if status := p.open(l.path); status != max(l.status, http.StatusOK) {
		p.t.Fatalf("status %d; the log ends with %s", status, lastLines(h.log.String(), 3))
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// look holds a page to what every page has to be.
func (h *house) look(p *tab, l looked, lang, theme string) {
	p.t.Helper()
	h.visit(p, l)
	if got := ask(p, chromedp.Evaluate[string](`document.documentElement.lang`)); got != lang {
		p.t.Errorf("the page says it is in %q", got)
	}
	if got := ask(p, chromedp.Title()); strings.TrimSuffix(got, " · Sleutelbos") == "" || !strings.HasSuffix(got, " · Sleutelbos") {
		p.t.Errorf("title %q", got)
	}
	if got := ask(p, chromedp.Evaluate[int](`document.querySelectorAll("h1").length`)); got != 1 {
		p.t.Errorf("%d headings of the first level", got)
	}
	if got := ask(p, chromedp.Evaluate[[]string](`document.documentElement.innerText.match(/.*(%!|<no value>|<nil>|\b0x[0-9a-f]{6,}).*/g) ?? []`)); len(got) > 0 {
		p.t.Errorf("texts with a hole: %q", got)
	}
	for _, v := range p.axe(theme) {
		p.t.Errorf("%s: %s\n%s\n%s", v.Rule, v.Target, v.HTML, v.Why)
	}
	p.innocent()
}

// violation is a place that axe found at fault.
type violation struct{ Rule, Target, HTML, Why string }

// axe looks for violations of WCAG 2.2 up to AA. A dark page is the light one in other
// colors, so only its colors are looked at.
func (p *tab) axe(theme string) []violation {
	p.t.Helper()
	rules := `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]`
	if theme == "dark" {
		rules = `["color-contrast", "link-in-text-block"]`
	}
	do(p, chromedp.Evaluate[chromedp.Void](axeSource+";undefined"))
	found := ask(p, chromedp.Evaluate[[]violation](`axe.run(document, {runOnly: `+rules+`, resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => ({Rule: v.id, Target: n.target.join(" "), HTML: n.html.slice(0, 300), Why: n.failureSummary}))))`,
		chromedp.EvalAwaitPromise))
	slices.SortFunc(found, func(a, b violation) int { return strings.Compare(a.Rule+a.Target, b.Rule+b.Target) })
	return found
}
