package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/api"
	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

var noon = apptest.Noon

const (
	goodPassword = "Sleutel-hanger-7"
	bootKey      = "0123456789abcdef0123456789abcdef"
)

// stack is the whole program behind its router.
type stack struct {
	*apptest.Program
	t *testing.T
}

func newStack(t *testing.T, changes ...func(*apptest.Setup)) *stack {
	t.Helper()
	setup := apptest.Setup{Serving: app.Serving{BootstrapAPIKey: bootKey}, Adjust: app.Adjust{API: func(c *api.Config) {
		c.Subscribers = answers.Subscribers(func(context.Context) []answers.Subscriber {
			return []answers.Subscriber{{Through: answers.ThroughDoor, Address: "10.1.2.3:4567", User: "reader", Stream: "$all", Filter: "streams beginning with account-", Since: noon, Position: 12, Lag: 3}}
		}).And(c.Subscribers)
	}}}
	for _, change := range changes {
		change(&setup)
	}
	return &stack{apptest.Start(t, setup), t}
}

func (s *stack) advance(d time.Duration) { s.Clock.Advance(d) }

// client asks as one asker.
type client struct {
	s      *stack
	key    string // API key
	jar    http.CookieJar
	header http.Header
}

func (s *stack) platform() *client { return &client{s: s, key: bootKey} }
func (s *stack) stranger() *client { return &client{s: s} }

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c *client) with(name, value string) *client {
	with := *c
	with.header = c.header.Clone()
	if with.header == nil {
		with.header = http.Header{}
	}
	with.header.Set(name, value)
	return &with
}

func (c *client) request(method, path, body string) *http.Request {
	c.s.t.Helper()
	r, err := http.NewRequestWithContext(c.s.t.Context(), method, c.s.Server.URL+path, strings.NewReader(body))
	must(c.s.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	for name, values := range c.header {
		r.Header[name] = values
		if name == "Host" {
			r.Host = values[0]
		}
	}
	return r
}

func (c *client) do(method, path, body string) answer {
	c.s.t.Helper()
	browser := &http.Client{Jar: c.jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Do(c.request(method, path, body))
	must(c.s.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(c.s.t, err)
	return answer{resp.StatusCode, resp.Header, text}
}

func (c *client) get(path string) answer { c.s.t.Helper(); return c.do(http.MethodGet, path, "") }

// run runs a command that must succeed and returns its outcome.
func (c *client) run(name string, body map[string]any) outcome {
	c.s.t.Helper()
	a := c.command(name, body)
	if a.status != http.StatusOK {
		c.s.t.Fatalf("%s: %d %s", name, a.status, a.body)
	}
	return parse[outcome](c.s.t, a)
}

func (c *client) command(name string, body map[string]any) answer {
	c.s.t.Helper()
	text, err := json.Marshal(body)
	must(c.s.t, err)
	return c.do(http.MethodPost, "/api/v1/commands/"+name, string(text))
}

// list returns the items of a list, as they are once everything so far is visible.
func (c *client) list(path string) []map[string]any {
	c.s.t.Helper()
	return parse[page](c.s.t, c.fresh(path)).Items
}

// fresh asks a query that reflects everything appended so far.
func (c *client) fresh(path string) answer {
	c.s.t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	a := c.get(path + separator + "minPosition=" + c.s.head().String())
	if a.status != http.StatusOK {
		c.s.t.Fatalf("GET %s: %d %s", path, a.status, a.body)
	}
	return a
}

type outcome struct {
	CommandID string `json:"commandId"`
	Streams   []struct {
		Stream   string `json:"stream"`
		Revision int64  `json:"revision"`
	} `json:"streams"`
	Position string `json:"position"`
	Events   []struct {
		ID, Type, Stream string
		Revision         int64
	} `json:"events"`
	Result map[string]any `json:"result"`
}

func (o outcome) types() []string {
	var types []string
	for _, e := range o.Events {
		types = append(types, e.Type)
	}
	return types
}

type page struct {
	Items    []map[string]any `json:"items"`
	Next     *string          `json:"next"`
	Total    int64            `json:"total"`
	Position string           `json:"position"`
}

type refusal struct {
	Type, Title, Detail, Code, RequestID string
	Status                               int
	Errors                               []struct{ Pointer, Code, Detail string }
}

func parse[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader(a.body))
	if err := d.Decode(&v); err != nil {
		t.Fatalf("read %d %s: %v", a.status, a.body, err)
	}
	return v
}

// refused asks that the answer is this refusal.
func (a answer) refused(t *testing.T, status int, code string) refusal {
	t.Helper()
	if a.status != status || a.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("got %d %s %s, want %d %s", a.status, a.header.Get("Content-Type"), a.body, status, code)
	}
	r := parse[refusal](t, a)
	if r.Code != code || r.Status != status || r.Type != "/problems/"+code || r.RequestID == "" || r.Detail == "" {
		t.Fatalf("got %s, want %d %s with detail and request id", a.body, status, code)
	}
	return r
}

func (s *stack) head() eventstore.Position {
	s.t.Helper()
	head, err := s.Journal.Store.Head(s.t.Context())
	must(s.t, err)
	return head
}

// since returns the types of the events appended behind a position.
func (s *stack) since(after eventstore.Position) []string {
	s.t.Helper()
	var types []string
	for r, err := range s.Journal.Store.ReadAll(s.t.Context(), after, eventstore.Forwards, eventstore.Filter{}) {
		must(s.t, err)
		types = append(types, r.Type)
	}
	return types
}

// doneBy returns the types of the events that an account caused behind a position. What the
// program's own reactors append meanwhile follows from earlier events.
func (s *stack) doneBy(account string, after eventstore.Position) []string {
	s.t.Helper()
	var types []string
	for r, err := range s.Journal.Store.ReadAll(s.t.Context(), after, eventstore.Forwards, eventstore.Filter{}) {
		must(s.t, err)
		_, record, err := s.Journal.Registry.DecodeSealed(r)
		must(s.t, err)
		if record.Envelope.Actor.ID == account {
			types = append(types, r.Type)
		}
	}
	return types
}

// house is an organization with an admin who signed in by session, and a user.
type house struct {
	organization, admin, user string
	adminClient, userClient   *client
}

func (s *stack) house(name string) house {
	s.t.Helper()
	p := s.platform()
	h := house{organization: p.run("RegisterOrganization", map[string]any{"name": name, "preset": "klic"}).Result["organizationId"].(string)}
	p.run("SetPolicy", map[string]any{"organizationId": h.organization, "policy": "firstChannels", "value": "mail_link,mail_link_and_letter_code,admin_password"})
	account := func(role string) (string, *client) {
		username := role + "@" + strings.ToLower(name) + ".nl"
		made := p.run("CreateAccount", map[string]any{
			"organizationId": h.organization, "username": username, "name": strings.ToUpper(role[:1]) + role[1:] + " " + name, "role": role,
			"channel": "admin_password", "password": goodPassword, "keepPassword": true,
		})
		return made.Result["accountId"].(string), s.signIn(username, goodPassword)
	}
	h.admin, h.adminClient = account("admin")
	h.user, h.userClient = account("user")
	return h
}

func (s *stack) signIn(username, password string) *client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	c := &client{s: s, jar: jar}
	body, err := json.Marshal(map[string]string{"username": username, "password": password})
	must(s.t, err)
	if a := c.do(http.MethodPost, "/api/v1/login", string(body)); a.status != http.StatusOK {
		s.t.Fatalf("sign in: %d %s", a.status, a.body)
	}
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
}

// eventually waits until an event of the type stands behind a position.
func (s *stack) eventually(typ string, after eventstore.Position) {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) { // polls
		if strings.Contains(strings.Join(s.since(after), " "), typ) {
			return
		}
	}
	s.t.Fatalf("no %s behind %s", typ, after)
}
