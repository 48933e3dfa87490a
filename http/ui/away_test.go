package ui_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/persons"
	"sleutelbos/commands/regions"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

var (
	hrefs = regexp.MustCompile(`href="(/[^"#]*)`)
	ids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// TestF68_PagesGoOnWithoutTheEventStore follows every link from the home page on, one of each kind, as
// the operator, an admin and a holder, while the event store is out of reach. Each page says as of
// when it is, and each route of the pages is asked.
func TestF68_PagesGoOnWithoutTheEventStore(t *testing.T) {
	// needLog are the pages that ask what a command would do, which only the log knows, and the
	// ones that read the password policy, or a stream again to prove it. So do a mail of the outbox and
	// a printed letter, which are not shown before the log has who reads them, and who is no one yet.
	needLog := map[string]bool{
		"/accounts/{id}/history/proof": true, "/password": true, "/manage/outbox/{id}": true, "/letters/{id}/pdf": true, "/activate/{token}": true, "/setup/{token}": true,
		"/organizations/{id}/domains/{domain}/withdraw": true,
	}
	for _, deed := range []string{
		"appoint", "block", "clear-validity", "close", "disable", "dismiss", "enable", "handover-in_person", "handover-letter", "handover-phone", "redirect", "send",
		"shield", "unblock", "unredirect", "unshield",
	} {
		needLog["/accounts/{id}/"+deed] = true
	}

	var store *apptest.Away
	s := startSite(t, app.Serving{BootstrapUsername: "root", BootstrapPassword: goodPassword}, func(setup *apptest.Setup) {
		store = apptest.CanBeAway(setup)
	})
	noord := s.house("noord", "klic")
	s.request(noord.user, noord.shown, "why not")
	s.policy(noord.id, "personRequired", "optional")
	person := do[persons.PersonMade](s, persons.RegisterPerson{OrganizationID: noord.id, NameParts: persons.NameParts[string]{Surname: "Berg"}}).PersonID
	region := do[regions.RegionMade](s, regions.CreateRegion{OrganizationID: noord.id, Name: "Oost"}).RegionID
	group := do[rolegroups.RoleGroupMade](s, rolegroups.CreateRoleGroup{OrganizationID: noord.id, Name: "Balie"}).RoleGroupID
	post := s.account(noord.id, "post@noord.nl", "Post", "user", "mail_link_and_letter_code")
	s.send(post)
	link := s.link()
	readers := []*browser{s.signIn("root", goodPassword, "en"), s.signIn("admin@noord.nl", goodPassword, "en"), s.signIn("user@noord.nl", goodPassword, "en")}
	s.settle()
	store.Set(true)
	const asOf = "the event log is out of reach"
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(readers[0].get("/").body, asOf); {
		if time.Now().After(deadline) {
			t.Fatal("nobody noticed that the store is away")
		}
	}
	of := "/accounts/" + noord.user
	also := []string{ // which no page leads to that is followed
		"/.well-known/security.txt", "/accounts/selected?id=" + noord.user, of + "/appoint", of + "/clear-validity", of + "/enable", of + "/send", of + "/unblock",
		of + "/unredirect", of + "/unshield", link, "/activation-requested", "/asyncapi.json", "/audit/accounts?q=u", "/letters/print", "/login", "/setup/abc",
		"/organizations/" + noord.id + "/domains/noord.nl/withdraw", "/persons/" + person, "/persons/" + person + "/edit", "/persons/" + person + "/history", "/regions/" + region, "/regions/" + region + "/history", "/role-groups/" + group,
		"/role-groups/" + group + "/history", "/role-groups/matrix?organizationId=" + noord.id, "/schemas/events/account.blocked.v1.json", "/search?q=u", "/static/app.css",
	}
	asked := map[string]bool{}
	for _, reader := range readers {
		ask := func(at string, p page) {
			route := s.pattern(at)
			whole := strings.Contains(p.body, `href="/static/app.css"`) && p.status == http.StatusOK
			switch {
			case p.status >= http.StatusInternalServerError && !needLog[route]:
				t.Errorf("%s: %d", route, p.status)
			case whole && !strings.Contains(p.body, asOf):
				t.Errorf("%s does not say as of when it is", at)
			}
			asked[route] = true
		}
		reader.crawl(ask)
		for _, at := range also {
			ask(at, reader.get(at))
		}
	}
	must(t, chi.Walk(s.Handler.(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == http.MethodGet && !strings.HasPrefix(route, "/api/") && !asked[route] {
			t.Errorf("%s was not asked", route)
		}
		return nil
	}))
}

// pattern returns the route of an address.
func (s *site) pattern(at string) string {
	at, _, _ = strings.Cut(at, "?")
	tried := chi.NewRouteContext()
	s.Handler.(chi.Routes).Match(tried, http.MethodGet, at)
	return tried.RoutePattern()
}

// crawl follows every link from the home page on, one of each kind.
func (b *browser) crawl(seen func(at string, p page)) {
	b.s.t.Helper()
	kinds := map[string]bool{}
	for open := []string{"/"}; len(open) > 0; {
		at := open[0]
		open = open[1:]
		p := b.send(http.MethodGet, at, nil)
		seen(at, p)
		for _, link := range hrefs.FindAllStringSubmatch(p.body, -1) {
			to := html.UnescapeString(link[1])
			kind, _, _ := strings.Cut(ids.ReplaceAllString(to, "{id}"), "?")
			if !kinds[kind] && !strings.HasPrefix(kind, "/static/") {
				kinds[kind] = true
				open = append(open, to)
			}
		}
	}
	if len(kinds) < 15 { // of a holder; others find more
		b.s.t.Errorf("followed %d kinds of links only: %v", len(kinds), kinds)
	}
}

// TestF23_HeadOfPages asks for the header of each page, and of those before signing in.
func TestF23_HeadOfPages(t *testing.T) {
	s := newSite(t)
	noord := s.house("noord", "klic")
	s.request(noord.user, noord.shown, "why not")
	b := s.signIn("root", goodPassword, "en")
	s.settle()
	b.crawl(func(at string, p page) {
		head := b.send(http.MethodHead, at, nil)
		same(t, []any{at, head.status, head.body}, []any{at, p.status, ""})
	})
	same(t, s.browser("nl").send(http.MethodHead, "/login", nil).status, http.StatusOK)
	get, head := s.browser("nl").send(http.MethodGet, "/accounts?q=x", nil), s.browser("nl").send(http.MethodHead, "/accounts?q=x", nil)
	same(t, head.location, get.location)
	same(t, b.send(http.MethodHead, "/logout", nil).status, http.StatusMethodNotAllowed)
}
