package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/internal/app/apptest"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// streaming are the media types of answers that go on for long.
var streaming = []string{"text/csv", "application/x-ndjson", "text/event-stream"}

// slowPaths says for each operation that streams what a slow reader asks. TestSlowReaders asks
// that it has a row for each of them.
func slowPaths(h house, organization string) map[string]string {
	return map[string]string{
		"SearchAudit":              "/audit?format=csv",
		"ListAccounts":             "/accounts?format=csv",
		"GetAccountHistory":        "/accounts/" + h.user + "/history?format=csv",
		"ReplayAccount":            "/accounts/" + h.user + "/replay",
		"ListOrganizations":        "/organizations?format=csv",
		"GetOrganizationHistory":   "/organizations/" + organization + "/history?format=csv",
		"ListLicenses":             "/licenses?format=csv",
		"GetLicenseHistory":        "/licenses/{license}/history?format=csv",
		"ListLicenseRequests":      "/license-requests?format=csv",
		"GetLicenseRequestHistory": "/license-requests/{request}/history?format=csv",
		"ListPersons":              "/persons?format=csv",
		"GetPersonHistory":         "/persons/{person}/history?format=csv",
		"ListRegions":              "/regions?format=csv",
		"GetRegionHistory":         "/regions/{region}/history?format=csv",
		"ListRoleGroups":           "/role-groups?format=csv",
		"GetRoleGroupHistory":      "/role-groups/{group}/history?format=csv",
		"ListLetters":              "/letters?format=csv",
		"GetLetterHistory":         "/letters/{letter}/history?format=csv",
		"ListLettersByAccount":     "/letters-by-account?format=csv",
		"ListMessages":             "/messages?format=csv",
		"GetMessageHistory":        "/messages/{message}/history?format=csv",
		"FollowEvents":             "/events",
	}
}

// stuck is a client that takes nothing until it leaves.
type stuck struct {
	header  http.Header
	mu      sync.Mutex
	status  int
	left    chan struct{}
	writing func() // the first write waits
}

func (s *stuck) Header() http.Header { return s.header }

func (s *stuck) WriteHeader(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status == 0 {
		s.status = status
	}
}

func (s *stuck) Write(p []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	s.mu.Lock()
	refused := s.status != http.StatusOK
	s.mu.Unlock()
	if refused {
		return len(p), nil
	}
	s.writing()
	<-s.left
	return 0, http.ErrHandlerTimeout
}

// SetWriteDeadline makes a write end, as that of a connection does.
func (s *stuck) SetWriteDeadline(at time.Time) error {
	if !at.After(time.Now()) {
		s.leave()
	}
	return nil
}

func (s *stuck) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.left:
	default:
		close(s.left)
	}
}

// crowd is readers that are stuck in the middle of an answer.
type crowd struct {
	readers []*stuck
	ended   sync.WaitGroup
}

// stick lets clients ask a path and take nothing, and returns once each waits for its reader.
func (s *stack) stick(path string, clients ...*client) *crowd {
	s.t.Helper()
	var c crowd
	waiting := make(chan struct{}, len(clients))
	for _, asker := range clients {
		r := asker.request(http.MethodGet, path, "")
		if asker.jar != nil {
			for _, cookie := range asker.jar.Cookies(r.URL) {
				r.AddCookie(cookie)
			}
		}
		r.RemoteAddr = "127.0.0.1:1"
		w := &stuck{header: http.Header{}, left: make(chan struct{}), writing: sync.OnceFunc(func() { waiting <- struct{}{} })}
		c.readers = append(c.readers, w)
		c.ended.Go(func() {
			defer func() { _ = recover() }() // an answer that breaks off panics, as net/http has it
			s.Handler.ServeHTTP(w, r)
			if w.status != http.StatusOK {
				w.writing()
			}
		})
	}
	for range clients {
		select {
		case <-waiting:
		case <-time.After(time.Minute):
			s.t.Fatalf("%s: a reader got nothing", path)
		}
	}
	return &c
}

func (c *crowd) leave() {
	for _, r := range c.readers {
		r.leave()
	}
	c.ended.Wait()
}

// statuses counts what the readers were told.
func (c *crowd) statuses() map[int]int {
	all := map[int]int{}
	for _, r := range c.readers {
		r.mu.Lock()
		all[r.status]++
		r.mu.Unlock()
	}
	return all
}

// overview is what of the OpenAPI document says which operations stream.
type overview struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Responses   map[string]struct {
			Content map[string]any `json:"content"`
		} `json:"responses"`
	} `json:"paths"`
}

func (s *stack) streamingOperations() []string {
	s.t.Helper()
	var names []string
	for _, methods := range parse[overview](s.t, s.stranger().get("/openapi.json")).Paths {
		for _, o := range methods {
			if slices.ContainsFunc(streaming, func(media string) bool { _, ok := o.Responses["200"].Content[media]; return ok }) {
				names = append(names, o.OperationID)
			}
		}
	}
	return slices.Sorted(slices.Values(names))
}

// onBothEngines runs a test over SQLite and over PostgreSQL.
func onBothEngines(t *testing.T, test func(t *testing.T, change func(*apptest.Setup))) {
	t.Run("SQLite", func(t *testing.T) { test(t, func(*apptest.Setup) {}) })
	t.Run("PostgreSQL", func(t *testing.T) {
		url := postgrestest.URL(t)
		test(t, func(s *apptest.Setup) { s.Database = url })
	})
}

// platformUsers signs in so many who may see everything.
func (s *stack) platformUsers(n int) []*client {
	s.t.Helper()
	var all []*client
	for i := range n {
		name := fmt.Sprintf("platform%d", i)
		s.platform().run("CreateAccount", map[string]any{
			"organizationId": "00000000-0000-7000-8000-000000000001", "username": name, "name": name, "role": "platform",
			"channel": "admin_password", "password": goodPassword, "keepPassword": true,
		})
		all = append(all, s.signIn(name, goodPassword))
	}
	return all
}

// things makes one of everything that has a history, and returns their ids.
func (s *stack) things(h house) map[string]string {
	s.t.Helper()
	license := h.adminClient.run("RegisterLicense", map[string]any{"organizationId": h.organization, "name": "L", "shownInSelection": true}).Result["licenseId"].(string)
	request := h.userClient.run("RequestLicense", map[string]any{"accountId": h.user, "licenseId": license}).Result["requestId"].(string)
	post := h.adminClient.run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "post@traag.nl", "name": "Post", "role": "user", "channel": "mail_link_and_letter_code",
	}).Result["accountId"]
	h.adminClient.run("SendActivation", map[string]any{"accountId": post})
	return map[string]string{
		"{license}": license, "{request}": request,
		"{person}": s.person(h, "Berg"),
		"{region}": h.adminClient.run("CreateRegion", map[string]any{"organizationId": h.organization, "name": "R"}).Result["regionId"].(string),
		"{group}":  h.adminClient.run("CreateRoleGroup", map[string]any{"organizationId": h.organization, "name": "G"}).Result["roleGroupId"].(string),
		"{letter}": s.first(h.adminClient, "/api/v1/letters"), "{message}": s.first(h.adminClient, "/api/v1/messages"),
	}
}

// TestF39_F40_SlowReaders lets many readers get stuck in each answer that streams, more than
// there are connections of any kind, while somebody else works.
func TestF39_F40_SlowReaders(t *testing.T) {
	onBothEngines(t, func(t *testing.T, change func(*apptest.Setup)) {
		s := newStack(t, change)
		h := s.house("Traag")
		ids := s.things(h)
		for i := range 40 { // so that every answer is longer than what is buffered
			h.adminClient.run("ChangeDetails", map[string]any{"accountId": h.user, "name": fmt.Sprint("Naam ", i)})
		}
		paths := slowPaths(h, h.organization)
		same(t, slices.Sorted(maps.Keys(paths)), s.streamingOperations())
		users := s.platformUsers(6)
		for name, path := range paths {
			t.Run(name, func(t *testing.T) {
				s.t = t
				for placeholder, id := range ids {
					path = strings.ReplaceAll(path, placeholder, id)
				}
				var askers []*client
				for range 4 {
					askers = append(askers, users...)
				}
				slow := s.stick("/api/v1"+path, askers...)
				same(t, slow.statuses(), map[int]int{http.StatusOK: 24})
				s.works(h)
				slow.leave()
			})
		}
	})
}

// works does what an honest user does, and asks that all of it succeeds soon.
func (s *stack) works(h house) {
	s.t.Helper()
	began := time.Now()
	h.adminClient.run("ChangeDetails", map[string]any{"accountId": h.user, "name": fmt.Sprint("Naam ", began.UnixNano())})
	for _, path := range []string{
		"/accounts", "/accounts?q=naam", "/accounts/" + h.user, "/accounts/" + h.user + "/history", "/accounts/" + h.user + "/as-of?revision=2",
		"/accounts/" + h.user + "/compare?from=1&to=3", "/audit", "/licenses", "/letters", "/messages?format=csv", "/accounts/" + h.user + "/replay",
	} {
		h.adminClient.fresh("/api/v1" + path)
	}
	if a := h.adminClient.get("/accounts"); a.status != http.StatusOK {
		s.t.Fatalf("the page of accounts: %d %s", a.status, a.body)
	}
	if took := time.Since(began); took > 10*time.Second {
		s.t.Errorf("an honest user waited %s", took)
	}
}

// TestF40_PlacesOfStreams: one person finds no more than some places, and all together no more
// than some more. What is refused says when to come back.
func TestF40_PlacesOfStreams(t *testing.T) {
	s := newStack(t)
	h := s.house("Plaats")
	one := slices.Repeat([]*client{h.adminClient}, 4)
	slow := s.stick("/api/v1/audit?format=csv", one...)
	for _, path := range []string{"/accounts?format=csv", "/accounts/" + h.user + "/replay", "/audit?format=csv"} {
		a := h.adminClient.get("/api/v1" + path)
		a.refused(t, http.StatusTooManyRequests, "too-many-streams")
		same(t, a.header.Get("Retry-After"), "5")
	}
	same(t, h.adminClient.get("/api/v1/audit").status, http.StatusOK)
	same(t, h.userClient.get("/api/v1/accounts/"+h.user+"/replay").status, http.StatusOK)
	var rest []*client
	for _, user := range s.platformUsers(15) {
		rest = append(rest, slices.Repeat([]*client{user}, 4)...)
	}
	full := s.stick("/api/v1/audit?format=csv", rest...)
	a := h.userClient.get("/api/v1/accounts/" + h.user + "/replay")
	a.refused(t, http.StatusServiceUnavailable, "streams-full")
	same(t, a.header.Get("Retry-After"), "5")
	slow.leave()
	full.leave()
	same(t, h.adminClient.get("/api/v1/accounts?format=csv").status, http.StatusOK)
}

// TestF40_StreamsEndWithTheRight: whoever is blocked gets no more of an answer that has begun.
func TestF40_StreamsEndWithTheRight(t *testing.T) {
	s := newStack(t)
	h := s.house("Recht")
	for _, path := range []string{"/audit?format=csv", "/accounts/" + h.user + "/replay", "/events"} {
		made := h.adminClient.run("CreateAccount", map[string]any{
			"organizationId": h.organization, "username": "oud@" + h.organization + fmt.Sprint(len(path)) + ".nl", "name": "Oud", "role": "compliance",
			"channel": "admin_password", "password": goodPassword, "keepPassword": true,
		})
		slow := s.stick("/api/v1"+path, s.signIn("oud@"+h.organization+fmt.Sprint(len(path))+".nl", goodPassword))
		h.adminClient.run("BlockAccount", map[string]any{"accountId": made.Result["accountId"], "reason": "vertrokken"})
		ended := make(chan struct{})
		go func() { slow.ended.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(15 * time.Second):
			t.Fatalf("%s goes on after its reader was blocked", path)
		}
	}
}
