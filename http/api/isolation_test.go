package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/schema"
)

// openAPI is as much of the document as the tests below generate requests from.
type openAPI struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Right       string `json:"x-right"`
		Parameters  []struct {
			Name, In string
			Required bool
			Schema   schema.Schema
		}
		RequestBody struct {
			Content map[string]struct{ Schema schema.Schema }
		}
	}
}

func (s *stack) openAPI() openAPI {
	s.t.Helper()
	a := s.stranger().get("/openapi.json")
	var d openAPI
	must(s.t, json.Unmarshal(a.body, &d))
	if len(d.Paths) < 40 {
		s.t.Fatalf("the document has %d paths only", len(d.Paths))
	}
	return d
}

// TestOrganizationsAreStrangersToEachOther asks every operation of the document, as the
// admin of one organization, for what belongs to another (T9).
func TestOrganizationsAreStrangersToEachOther(t *testing.T) {
	s := newStack(t)
	noord, zuid := s.house("Noord"), s.house("Zuid")
	a := noord.adminClient
	license := a.run("RegisterLicense", map[string]any{"organizationId": noord.organization, "name": "NEN", "shownInSelection": true}).Result["licenseId"].(string)
	request := noord.userClient.run("RequestLicense", map[string]any{"accountId": noord.user, "licenseId": license}).Result["requestId"].(string)
	post := a.run("CreateAccount", map[string]any{
		"organizationId": noord.organization, "username": "post@noord.nl", "name": "Post", "role": "user", "channel": "mail_link_and_letter_code",
	}).Result["accountId"]
	a.run("SendActivation", map[string]any{"accountId": post})
	letter, message := s.first(a, "/api/v1/letters"), s.first(a, "/api/v1/messages")
	region := a.run("CreateRegion", map[string]any{"organizationId": noord.organization, "name": "Delfland"}).Result["regionId"].(string)
	group := a.run("CreateRoleGroup", map[string]any{"organizationId": noord.organization, "name": "Balie"}).Result["roleGroupId"].(string)
	person := s.person(noord, "Berg")
	// theirs has an id of the other organization's for every member that names a thing. A
	// new member without a row fails here.
	theirs := map[string]string{
		"accountId": noord.user, "organizationId": noord.organization, "licenseId": license, "requestId": request, "letterId": letter, "messageId": message, "regionId": region, "roleGroupId": group, "personId": person, "keyId": "none", "eventId": noord.user,
		"accounts": noord.user, "organizations": noord.organization, "licenses": license, "license-requests": request, "letters": letter, "messages": message,
		"persons": person, "regions": region, "role-groups": group, "organization": noord.organization,
	}
	other := zuid.adminClient
	rights := parse[struct{ Rights map[string]string }](t, other.get("/api/v1/me")).Rights
	document := s.openAPI()
	asked := 0
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for method, o := range document.Paths[path] {
			ask := func(url, body string) {
				t.Helper()
				asked++
				before := s.head()
				got := other.do(strings.ToUpper(method), "/api/v1"+url, body)
				want := http.StatusNotFound
				if rights[o.Right] == "" {
					want = http.StatusForbidden
				}
				if got.status != want {
					t.Errorf("%s %s %s: %d %s, want %d", method, url, body, got.status, got.body, want)
				}
				for _, typ := range s.doneBy(zuid.admin, before) {
					if !strings.HasPrefix(typ, "refusal.") {
						t.Errorf("%s %s appended %s", method, url, typ)
					}
				}
			}
			if strings.Contains(path, "{id}") {
				kind := strings.Split(path, "/")[1]
				if theirs[kind] == "" {
					t.Fatalf("no id of the other organization's for %s", path)
				}
				ask(strings.Replace(path, "{id}", theirs[kind], 1)+requiredQuery(path), "")
			}
			for _, p := range o.Parameters {
				if p.In == "query" && (p.Name == "organizationId" || p.Name == "organization") && !strings.Contains(path, "{id}") {
					ask(path+"?"+p.Name+"="+theirs[p.Name], "")
				}
			}
			if schema := o.RequestBody.Content["application/json"].Schema; o.Right != "" && o.Right != "OwnAccount" && len(schema.Properties) > 0 {
				body, err := json.Marshal(plausible(t, schema, theirs))
				must(t, err)
				ask(path, string(body))
			}
		}
	}
	if asked < 50 {
		t.Errorf("asked %d times only", asked)
	}
	s.eventually("refusal.recorded.v1", eventstore.Position{})
	for _, path := range []string{"accounts", "licenses", "license-requests", "letters", "letters-by-account", "messages", "persons", "regions", "role-groups", "audit", "organizations"} {
		body := string(other.fresh("/api/v1/" + path + "?limit=500").body)
		for _, id := range []string{noord.organization, noord.user, license, request, letter, message, region, group, person} {
			if strings.Contains(body, `"id":"`+id+`"`) || strings.Contains(body, `"organizationId":"`+noord.organization+`"`) {
				t.Errorf("%s shows %s", path, id)
			}
		}
	}
}

// TestNoRoleReachesAnotherOrganization asks every query of one organization's things, in
// every role that the other organization can have.
func TestNoRoleReachesAnotherOrganization(t *testing.T) {
	s := newStack(t)
	noord, zuid := s.house("Noord"), s.house("Zuid")
	a := noord.adminClient
	license := a.run("RegisterLicense", map[string]any{"organizationId": noord.organization, "name": "NEN", "shownInSelection": true}).Result["licenseId"].(string)
	request := noord.userClient.run("RequestLicense", map[string]any{"accountId": noord.user, "licenseId": license}).Result["requestId"].(string)
	post := a.run("CreateAccount", map[string]any{
		"organizationId": noord.organization, "username": "post@noord.nl", "name": "Post", "role": "user", "channel": "mail_link_and_letter_code",
	}).Result["accountId"]
	a.run("SendActivation", map[string]any{"accountId": post})
	theirs := map[string]string{
		"accounts": noord.user, "organizations": noord.organization, "licenses": license, "license-requests": request,
		"letters": s.first(a, "/api/v1/letters"), "messages": s.first(a, "/api/v1/messages"),
		"persons":     s.person(noord, "Berg"),
		"regions":     a.run("CreateRegion", map[string]any{"organizationId": noord.organization, "name": "Delfland"}).Result["regionId"].(string),
		"role-groups": a.run("CreateRoleGroup", map[string]any{"organizationId": noord.organization, "name": "Balie"}).Result["roleGroupId"].(string),
	}
	document := s.openAPI()
	for role, other := range map[string]*client{"admin": zuid.adminClient, "user": zuid.userClient} {
		granted := parse[struct{ Rights map[string]string }](t, other.get("/api/v1/me")).Rights
		asked := 0
		for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
			query, isQuery := document.Paths[path]["get"]
			if !isQuery || query.Right == "" {
				continue
			}
			want := http.StatusNotFound
			if granted[query.Right] == "" {
				want = http.StatusForbidden
			}
			ask := func(url string) {
				asked++
				if got := other.get("/api/v1" + url); got.status != want {
					t.Errorf("%s: get %s: %d %s, want %d", role, url, got.status, got.body, want)
				}
			}
			if strings.Contains(path, "{id}") {
				ask(strings.Replace(path, "{id}", theirs[strings.Split(path, "/")[1]], 1) + requiredQuery(path))
				continue
			}
			for _, p := range query.Parameters {
				if p.In == "query" && (p.Name == "organizationId" || p.Name == "organization") {
					ask(path + "?" + p.Name + "=" + noord.organization)
				}
			}
			if list := other.get("/api/v1" + path + "?limit=500"); query.OperationID != "FollowEvents" && strings.Contains(string(list.body), noord.organization) {
				t.Errorf("%s: %s shows what is of the other organization", role, path)
			}
		}
		if asked < 20 {
			t.Errorf("%s: asked %d times only", role, asked)
		}
	}
}

func requiredQuery(path string) string {
	switch {
	case strings.HasSuffix(path, "/as-of"):
		return "?revision=0"
	case strings.HasSuffix(path, "/compare"):
		return "?from=0&to=1"
	}
	return ""
}

// plausible makes a body that would do, with things of the other organization.
func plausible(t *testing.T, s schema.Schema, theirs map[string]string) map[string]any {
	t.Helper()
	known := map[string]any{
		"reason": "x", "name": "X", "domain": "noord.nl", "username": "nieuw@noord.nl", "validUntil": "2030-01-01", "rule": "email",
		"months": 2, "minLength": 12, "timeZone": "Europe/Brussels", "position": "1", "standard": "NEN 7510",
		"from": "2020-01-01", "until": "2020-12-31", "externalOrganization": "X", "subject": "X", "body": "X",
	}
	body := map[string]any{}
	required := s.Required
	if len(s.AnyOf) > 0 {
		required = slices.Concat(required, s.AnyOf[0].Required)
	}
	for _, name := range required {
		if one, several := strings.CutSuffix(name, "Ids"); several || strings.HasSuffix(name, "Id") {
			id := theirs[name]
			if several {
				id = theirs[one+"Id"]
			}
			if id == "" {
				t.Fatalf("no %s of the other organization's", name)
			}
			if body[name] = id; several {
				body[name] = []string{id}
			}
			continue
		}
		if values := s.Properties[name].Enum; len(values) > 0 {
			body[name] = values[0]
			continue
		}
		if known[name] == nil {
			t.Fatalf("no plausible %s", name)
		}
		body[name] = known[name]
	}
	return body
}

// first waits for the first row of a list and returns its id.
func (s *stack) first(c *client, path string) string {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) { // polls: a reactor makes it
		if items := c.list(path); len(items) > 0 {
			return items[0]["id"].(string)
		}
	}
	s.t.Fatalf("%s stays empty: %s\n%v", path, s.platform().get("/api/v1/projections").body, s.since(eventstore.Position{}))
	return ""
}
