package ui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/vault"
	"sleutelbos/http/answers"
	"sleutelbos/http/api"
	"sleutelbos/http/server"
	"sleutelbos/http/session"
	"sleutelbos/http/ui"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/feed"
	"sleutelbos/projections/machinery/rows/sqlite"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

const goodPassword = "Sleutel-hanger-7"

// site is the whole program behind its pages: the embedded log, the vault, SQLite, the
// runner and the reactors, with a clock that the test moves and a mailbox that it reads.
type site struct {
	t       *testing.T
	clock   atomic.Int64
	service *commands.Service
	runner  *machinery.Runner
	store   eventstore.Store
	server  *httptest.Server
	mails   chan commands.Mail
	log     *lockedLog
	forged  *forgery
}

// Send keeps the mail for the test to read.
func (s *site) Send(_ context.Context, m commands.Mail) error { s.mails <- m; return nil }

func (s *site) now() time.Time          { return time.Unix(0, s.clock.Load()).UTC() }
func (s *site) advance(d time.Duration) { s.clock.Add(int64(d)) }

// newSite starts a site; its first platform administrator is "root", unless the store is
// to stay empty.
func newSite(t *testing.T) *site {
	t.Helper()
	s, _ := startSite(t, commands.Bootstrap{Username: "root", Password: goodPassword})
	return s
}

func startSite(t *testing.T, first commands.Bootstrap) (s *site, setupToken string) {
	t.Helper()
	s = &site{t: t, mails: make(chan commands.Mail, 100), log: &lockedLog{}}
	s.clock.Store(noon.UnixNano())
	ctx, dir, logger := t.Context(), t.TempDir(), slog.New(slog.NewJSONHandler(s.log, nil))

	log, err := node.Open(ctx, node.Options{Dir: dir, Now: s.now})
	must(t, err)
	key, err := vault.LoadOrMakeMasterKey(dir)
	must(t, err)
	secrets, err := vault.OpenSQLite(ctx, dir, key, vault.Options{Now: s.now, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}, HashQueue: 1000})
	must(t, err)
	s.store = log.Store()
	journal := eventstore.Journal{Store: s.store, Registry: catalog.New(), Keys: secrets}
	db, err := sqlite.Open(ctx, dir)
	must(t, err)

	s.server = httptest.NewUnstartedServer(nil)
	public, err := url.Parse("http://" + s.server.Listener.Addr().String())
	must(t, err)
	s.service, err = commands.New(commands.Options{
		Journal: journal, Vault: secrets, Sessions: secrets.Sessions(), PublicURL: public.String(), Now: s.now, Language: "nl", Log: logger, Mailer: s,
	})
	must(t, err)
	var reactors []machinery.Reactor
	for _, r := range s.service.Reactors() {
		reactors = append(reactors, machinery.Reactor{Name: r.Name, Types: r.Types, FromStart: true, Handle: r.Handle})
	}
	s.runner, err = machinery.NewRunner(machinery.Options{
		Store: s.store, Registry: journal.Registry, Keys: secrets, DB: db, Subscriber: &feed.Subscriber{Store: s.store, Logger: logger},
		Tables: []machinery.Projection{
			accountlist.New(), accountdetail.New(), audithistory.New(), letters.New(), licenselist.New(), licenserequests.New(), messages.New(), organizationlist.New(),
		},
		Reactors: reactors, Logger: logger, Now: s.now,
	})
	must(t, err)
	must(t, s.runner.Prepare(ctx))
	running, stop := context.WithCancel(context.Background())
	var background sync.WaitGroup
	background.Go(func() {
		if err := s.runner.Run(running); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	metrics, err := server.NewMetrics(prometheus.NewRegistry())
	must(t, err)
	config := server.Config{PublicURL: public, Log: logger, Metrics: metrics, OpenPerMinute: 100_000}
	askers := &session.Askers{Service: s.service, Sessions: session.New(secrets.Sessions(), public)}
	router, offers := server.NewRouter(config), api.NewOffers(s.service)
	pdf := func(l commands.LetterContent) ([]byte, error) { return []byte("%PDF " + l.Code), nil }
	api.New(api.Config{
		Service: s.service, Offers: offers, Askers: askers, Journal: journal, DB: db, Runner: s.runner, Letter: pdf,
		CursorKey: bytes.Repeat([]byte{7}, 32), PublicURL: public, Now: s.now, LimitOpen: config.LimitOpen(), Bound: server.Bound, Version: "test",
	}).Mount(router)
	s.forged = &forgery{Store: s.store}
	forged := journal
	forged.Store = s.forged
	ui.New(ui.Config{
		Service: s.service, Offers: offers, Askers: askers, DB: db, Runner: s.runner,
		History: audithistory.Opener{Registry: journal.Registry, Keys: secrets}, Journal: forged,
		Rebuilds: answers.Rebuilds{Runner: s.runner, Background: func(job func(context.Context)) { background.Go(func() { job(running) }) }},
		Seals:    provenBy{s.forged}, Subscribers: func(context.Context) []answers.Subscriber {
			return []answers.Subscriber{{Address: "10.1.2.3:4567", User: "reader", Stream: "$all", Since: noon, Position: 12, Lag: 3}}
		},
		Outbox: func() ([]ui.Mail, error) {
			return []ui.Mail{{Name: "one.eml", At: noon, To: "user@out.nl", Subject: "Welkom <b>", Text: "Open <a href"}}, nil
		},
		Letter: pdf, PublicURL: public, Now: s.now, LimitOpen: config.LimitOpen(), CursorKey: bytes.Repeat([]byte{7}, 32),
	}).Mount(router)
	s.server.Config.Handler = router
	s.server.Start()
	setupToken, err = s.service.Bootstrap(ctx, first)
	must(t, err)
	t.Cleanup(func() {
		s.server.CloseClientConnections()
		s.server.Close()
		stop()
		background.Wait()
		must(t, errors.Join(s.service.Close(), db.Close(), secrets.Close(), log.Close()))
	})
	return s, setupToken
}

// do runs a command as the system, e.g. to fill the site.
func do[Result any](s *site, name string, run func(context.Context, *engine.Call) (Result, error)) Result {
	s.t.Helper()
	var result Result
	outcome, err := s.service.Do(s.t.Context(), engine.Request{Name: name, Actor: rights.System("test"), Origin: eventstore.Origin{Channel: "system"}},
		func(ctx context.Context, c *engine.Call) (any, error) {
			var err error
			result, err = run(ctx, c)
			return result, err
		})
	must(s.t, err)
	if outcome.Position > 0 {
		ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
		defer cancel()
		must(s.t, s.runner.WaitFor(ctx, outcome.Position))
	}
	return result
}

// link answers the path of the activation link in the next mail that has one.
func (s *site) link() string {
	s.t.Helper()
	for {
		select {
		case m := <-s.mails:
			if _, token, found := strings.Cut(m.Link, commands.ActivationPath); found {
				return commands.ActivationPath + token
			}
		case <-time.After(time.Minute):
			s.t.Fatal("no mail with a link")
		}
	}
}

// house is an organization with an admin and a user who have passwords, and licenses.
type house struct {
	id, admin, user            string
	wide, shown, hidden, other string // licenses
}

func (s *site) house(name, preset string) house {
	s.t.Helper()
	h := house{id: do(s, "RegisterOrganization", func(ctx context.Context, c *engine.Call) (commands.OrganizationMade, error) {
		return s.service.RegisterOrganization(ctx, c, commands.RegisterOrganization{Name: name, Preset: preset})
	}).OrganizationID}
	h.admin = s.account(h.id, "admin@"+name+".nl", "Ad <b>"+name+"</b>", "admin", "admin_password")
	h.user = s.account(h.id, "user@"+name+".nl", `Ursula <a href="//evil">`+name, "user", "admin_password")
	h.wide, h.shown = s.license(h.id, "Wide "+name, true, true), s.license(h.id, "Shown "+name, false, true)
	h.hidden, h.other = s.license(h.id, "Hidden "+name, false, false), s.license(h.id, "=Other "+name, false, true)
	return h
}

func (s *site) account(organization, username, name, role, channel string) string {
	s.t.Helper()
	in := commands.CreateAccount{OrganizationID: organization, Username: username, Name: name, Role: role, Channel: channel}
	if channel == "admin_password" {
		in.Password, in.KeepPassword = goodPassword, true
	}
	return do(s, "CreateAccount", func(ctx context.Context, c *engine.Call) (commands.AccountMade, error) {
		return s.service.CreateAccount(ctx, c, in)
	}).AccountID
}

func (s *site) license(organization, name string, wide, shown bool) string {
	s.t.Helper()
	return do(s, "RegisterLicense", func(ctx context.Context, c *engine.Call) (commands.LicenseMade, error) {
		return s.service.RegisterLicense(ctx, c, commands.RegisterLicense{OrganizationID: organization, Name: name, CompanyWide: wide, ShownInSelection: shown})
	}).LicenseID
}

func (s *site) request(account, license, reason string) string {
	s.t.Helper()
	return do(s, "RequestLicense", func(ctx context.Context, c *engine.Call) (commands.RequestMade, error) {
		return s.service.RequestLicense(ctx, c, commands.RequestLicense{AccountID: account, LicenseID: license, Reason: reason})
	}).RequestID
}

// browser is a reader's; it follows redirects by hand, so that each is seen.
type browser struct {
	s   *site
	jar http.CookieJar
}

func (s *site) browser(language string) *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	here, err := url.Parse(s.server.URL)
	must(s.t, err)
	jar.SetCookies(here, []*http.Cookie{{Name: "language", Value: language, Path: "/"}})
	return &browser{s, jar}
}

// signIn answers a browser in which somebody signed in by the form.
func (s *site) signIn(username, password, language string) *browser {
	s.t.Helper()
	b := s.browser(language)
	if p := b.post("/login", "username", username, "password", password); p.status != http.StatusSeeOther {
		s.t.Fatalf("sign in: %d %s", p.status, p.body)
	}
	return b
}

type page struct {
	status   int
	header   http.Header
	location string
	body     string
}

func (b *browser) get(path string) page { b.s.t.Helper(); return b.send(http.MethodGet, path, nil) }

func (b *browser) post(path string, pairs ...string) page {
	b.s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, path, form)
}

func (b *browser) send(method, path string, form url.Values) page {
	b.s.t.Helper()
	r, err := http.NewRequestWithContext(b.s.t.Context(), method, b.s.server.URL+path, strings.NewReader(form.Encode()))
	must(b.s.t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "null") // as from a page that keeps its address to itself
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	client := &http.Client{Jar: b.jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	must(b.s.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(b.s.t, err)
	return page{resp.StatusCode, resp.Header, resp.Header.Get("Location"), string(body)}
}

// open answers a page that must be there.
func (b *browser) open(path string) page {
	b.s.t.Helper()
	p := b.get(path)
	if p.status != http.StatusOK {
		b.s.t.Fatalf("GET %s: %d %s", path, p.status, p.body)
	}
	return p
}

// says asks that the page holds these texts.
func (p page) says(t *testing.T, texts ...string) page {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			t.Errorf("the page does not say %q:\n%s", text, p.body)
		}
	}
	return p
}

// hides asks that the page holds none of these texts.
func (p page) hides(t *testing.T, texts ...string) page {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(p.body, text) {
			t.Errorf("the page says %q:\n%s", text, p.body)
		}
	}
	return p
}

// leads asks for a redirect.
func (p page) leads(t *testing.T, location string) page {
	t.Helper()
	if p.status != http.StatusSeeOther || p.location != location {
		t.Fatalf("got %d to %q, want a redirect to %q\n%s", p.status, p.location, location, p.body)
	}
	return p
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type lockedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}
func (l *lockedLog) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }
