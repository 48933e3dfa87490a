package ui_test

import (
	"html"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

var (
	hrefs = regexp.MustCompile(`href="(/[^"#]*)`)
	ids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// TestPagesGoOnWithoutTheEventStore follows every link from the home page on, one of each kind,
// while the event store is out of reach. Each page says as of when it is.
func TestPagesGoOnWithoutTheEventStore(t *testing.T) {
	// needLog are the pages that ask what a command would do, which only the log knows, and the
	// ones that read the password policy, or a stream again to prove it. So does a mail of the outbox,
	// which is not shown before the log has who reads it.
	needLog := map[string]bool{"block": true, "redirect": true, "disable": true, "dismiss": true, "shield": true, "handover-in_person": true, "handover-phone": true, "handover-letter": true, "close": true, "proof": true, "password": true}

	var store *apptest.Away
	s := startSite(t, app.Serving{BootstrapUsername: "root", BootstrapPassword: goodPassword}, func(setup *apptest.Setup) {
		store = apptest.CanBeAway(setup)
	})
	noord := s.house("noord", "klic")
	s.request(noord.user, noord.shown, "why not")
	b := s.signIn("root", goodPassword, "en")
	s.settle()
	store.Set(true)
	const asOf = "the event log is out of reach"
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(b.get("/").body, asOf); {
		if time.Now().After(deadline) {
			t.Fatal("nobody noticed that the store is away")
		}
	}
	b.crawl(func(at string, p page) {
		whole := strings.Contains(p.body, `href="/static/app.css"`) && p.status == http.StatusOK
		switch {
		case p.status >= http.StatusInternalServerError && !needLog[path.Base(at)] && path.Dir(at) != "/manage/outbox":
			t.Errorf("%s: %d", at, p.status)
		case whole && !strings.Contains(p.body, asOf):
			t.Errorf("%s does not say as of when it is", at)
		}
	})
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
	if len(kinds) < 25 {
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
