package ui_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/reactors"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui"
	"sleutelbos/http/ui/manage"
	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

var noon = apptest.Noon

const goodPassword = "Sleutel-hanger-7"

// site is the whole program behind its pages, with a mailbox that the test reads.
type site struct {
	*apptest.Program
	t      *testing.T
	mails  chan reactors.Mail
	forged *forgery
	waits  *waits
	outbox []manage.Mail
}

// Send keeps the mail for the test to read.
func (s *site) Send(_ context.Context, m reactors.Mail) error { s.mails <- m; return nil }

func (s *site) advance(d time.Duration) { s.Clock.Advance(d) }

// newSite starts a site; its first platform administrator is "root".
func newSite(t *testing.T) *site {
	t.Helper()
	return startSite(t, app.Serving{BootstrapUsername: "root", BootstrapPassword: goodPassword})
}

// startSite starts a site with the bootstrap of the settings. The pages see a log that the
// test can forge.
func startSite(t *testing.T, serving app.Serving, changes ...func(*apptest.Setup)) *site {
	t.Helper()
	s := &site{t: t, mails: make(chan reactors.Mail, 100)}
	setup := apptest.Setup{Serving: serving, Adjust: app.Adjust{
		Commands: func(o *commands.Options) { o.Mailer = s },
		UI: func(c *ui.Config) {
			s.forged = &forgery{Store: c.Journal.Store}
			c.Journal.Store, c.Seals = s.forged, provenBy{s.forged}
			s.waits = &waits{Runner: c.Runner}
			c.Runner = s.waits
			c.Door = true
			c.Subscribers = func(context.Context) []answers.Subscriber {
				return []answers.Subscriber{{Through: answers.ThroughDoor, Address: "10.1.2.3:4567", User: "reader", Stream: "$all", Since: noon, Position: 12, Lag: 3}}
			}
			s.outbox = []manage.Mail{{Name: "one.eml", Message: "00000000-0000-7000-8000-00000000000f", At: noon, To: "user@out.nl", Subject: "Welkom <b>", Text: "Open <a href"}}
			c.Outbox = func() ([]manage.Mail, error) { return s.outbox, nil }
		},
	}}
	for _, change := range changes {
		change(&setup)
	}
	s.Program = apptest.Start(t, setup)
	return s
}

// do runs a command as the system, e.g. to fill the site.
func do[Result any](s *site, body any) Result {
	s.t.Helper()
	outcome, err := s.Commands.Run(s.t.Context(), engine.Request{Actor: rights.System("test"), Origin: eventstore.Origin{Channel: "system"}}, body)
	must(s.t, err)
	result, err := engine.Result[Result](outcome)
	must(s.t, err)
	if !outcome.Position.IsZero() {
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
		defer cancel()
		must(s.t, s.Runner.WaitFor(ctx, outcome.Position))
	}
	return result
}

// link returns the path of the activation link in the next mail that has one.
func (s *site) link() string {
	s.t.Helper()
	for {
		select {
		case m := <-s.mails:
			if _, token, found := strings.Cut(m.Link, activation.Path); found {
				return activation.Path + token
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
	h := house{id: do[organizations.OrganizationMade](s, organizations.RegisterOrganization{Name: name, Preset: organization.Preset(preset)}).OrganizationID}
	s.policy(h.id, "firstChannels", "mail_link,mail_link_and_letter_code,admin_password")
	h.admin = s.account(h.id, "admin@"+name+".nl", "Ad <b>"+name+"</b>", "admin", "admin_password")
	h.user = s.account(h.id, "user@"+name+".nl", `Ursula <a href="//evil">`+name, "user", "admin_password")
	h.wide, h.shown = s.license(h.id, "Wide "+name, true, true), s.license(h.id, "Shown "+name, false, true)
	h.hidden, h.other = s.license(h.id, "Hidden "+name, false, false), s.license(h.id, "=Other "+name, false, true)
	return h
}

// policy gives an organization another rule than its preset's.
func (s *site) policy(organizationID string, policy organization.PolicyName, value string) {
	s.t.Helper()
	do[engine.None](s, organizations.SetPolicy{OrganizationID: organizationID, Policy: policy, Value: value})
}

func (s *site) account(organization, username, name, role, channel string) string {
	s.t.Helper()
	in := accounts.CreateAccount{OrganizationID: organization, Username: username, Name: name, Role: account.Role(role), Channel: accounts.OfferedChannel(channel)}
	if channel == "admin_password" {
		in.Password, in.KeepPassword = goodPassword, true
	}
	return do[accounts.AccountMade](s, in).AccountID
}

func (s *site) license(organization, name string, wide, shown bool) string {
	s.t.Helper()
	return do[licenses.LicenseMade](s, licenses.RegisterLicense{OrganizationID: organization, Name: name, CompanyWide: wide, ShownInSelection: shown}).LicenseID
}

func (s *site) request(account, license, reason string) string {
	s.t.Helper()
	return do[licenses.RequestMade](s, licenses.RequestLicense{AccountID: account, LicenseID: license, Reason: reason}).RequestID
}

// browser is a reader's; it follows redirects by hand, so that each is seen.
type browser struct {
	s       *site
	jar     http.CookieJar
	referer string // of the next form; empty for none
}

func (s *site) browser(language string) *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	here, err := url.Parse(s.Server.URL)
	must(s.t, err)
	jar.SetCookies(here, []*http.Cookie{{Name: "language", Value: language, Path: "/"}})
	return &browser{s: s, jar: jar}
}

// signIn returns a browser in which somebody signed in by the form.
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
	p := b.send(http.MethodPost, path, form)
	b.s.settle()
	return p
}

// settle lets every read model catch up, as they do while a reader looks at what came of a form.
// A form itself waits for less, see TestFormsWait.
func (s *site) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	head, err := s.Journal.Store.Head(ctx)
	must(s.t, err)
	must(s.t, s.Runner.WaitFor(ctx, head))
}

// holes are what a page prints for a value that is not there, of the wrong type, or an address.
var holes = regexp.MustCompile(`.*(%!\w?\(|&lt;no value&gt;|&lt;nil&gt;|<no value>|\b0x[0-9a-f]{6,}).*`)

func (b *browser) send(method, path string, form url.Values) page {
	b.s.t.Helper()
	r, err := http.NewRequestWithContext(b.s.t.Context(), method, b.s.Server.URL+path, strings.NewReader(form.Encode()))
	must(b.s.t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "null") // as from a page that keeps its address to itself
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if b.referer != "" {
			r.Header.Set("Referer", b.referer)
		}
	}
	client := &http.Client{Jar: b.jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	must(b.s.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(b.s.t, err)
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if found := holes.Find(body); found != nil {
			b.s.t.Errorf("%s %s: a text with a hole: %s", method, path, found)
		}
	}
	return page{resp.StatusCode, resp.Header, resp.Header.Get("Location"), string(body)}
}

// open returns a page that must be there.
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
