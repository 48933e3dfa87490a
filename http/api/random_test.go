package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sleutelbos/internal/schema"

	"github.com/google/uuid"
)

const canary = "CANARY"

// TestRandomRequests sends 10,000 requests over all operations, made from the document:
// right, nearly right and nonsense. No answer is a fault, none repeats a value, the log
// tells none, and nothing but refusals is appended.
func TestRandomRequests(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	robot := s.platform().run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "robot@noord.nl", "name": "Robot", "role": "service", "channel": "admin_password",
	}).Result["accountId"]
	key := s.platform().run("IssueApiKey", map[string]any{"accountId": robot, "name": "random"}).Result["key"].(string)
	s.quiet()
	document := s.openAPI()
	type operation struct{ method, path string }
	var operations []operation
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(document.Paths[path])) {
			operations = append(operations, operation{method, path})
		}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	before := s.head()
	statuses := map[int]int{}
	for i := range 10_000 {
		o := operations[i%len(operations)]
		described := document.Paths[o.path][o.method]
		path, query := o.path, url.Values{}
		header := http.Header{"Content-Type": {"application/json"}}
		for _, p := range described.Parameters {
			value := randomValue(dice, p.Schema)
			switch {
			case p.In == "path":
				path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(value), 1)
			case p.Name == "minPosition", p.Name == "follow": // would wait
			case dice.IntN(4) == 0 && p.In == "query":
				query.Set(p.Name, value)
			case dice.IntN(8) == 0 && p.In == "header":
				header.Set(p.Name, value)
			}
		}
		if strings.HasSuffix(path, "/events") {
			query.Set("follow", "false")
			if !query.Has("types") {
				query.Set("types", "organization.*") // the refusals of this test are many
			}
		}
		if dice.IntN(10) == 0 {
			query.Set(canary, canary)
		}
		body := ""
		if schema := described.RequestBody.Content["application/json"].Schema; o.method == "post" {
			body = randomBody(dice, schema)
		}
		switch dice.IntN(4) {
		case 0: // a stranger
		case 1:
			header.Set("Authorization", "Bearer "+canary)
		default:
			header.Set("Authorization", "Bearer "+key)
		}
		r := httptest.NewRequest(strings.ToUpper(o.method), s.Server.URL+"/api/v1"+path+"?"+query.Encode(), strings.NewReader(body))
		r.Header = header
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		statuses[w.Code]++
		told := w.Body.String() + fmt.Sprint(w.Header())
		if w.Code >= 500 || strings.Contains(told, canary) {
			t.Fatalf("request %d: %s %s?%s %v %s\nanswers %d %s", i, o.method, path, query.Encode(), header, body, w.Code, told)
		}
	}
	t.Logf("answers by status: %v", statuses)
	for _, typ := range s.since(before) {
		if !strings.HasPrefix(typ, "refusal.") {
			t.Errorf("appended %s", typ)
		}
	}
	if log := s.Logged.String(); strings.Contains(log, canary) {
		at := strings.Index(log, canary)
		t.Errorf("the log tells a value: %s", log[max(0, at-300):at+50])
	}
	families, err := s.Metrics.Gather()
	must(t, err)
	if strings.Contains(fmt.Sprint(families), canary) {
		t.Error("the metrics tell a value")
	}
}

func randomValue(dice *rand.Rand, s schema.Schema) string {
	switch dice.IntN(6) {
	case 0:
		return canary + "\x00\u202e'\";--<script>"
	case 1:
		return uuid.NewString()
	case 2:
		if len(s.Enum) > 0 {
			return s.Enum[dice.IntN(len(s.Enum))]
		}
		return "true"
	case 3:
		return fmt.Sprint(dice.IntN(2000) - 1000)
	case 4:
		return strings.Repeat(canary, dice.IntN(200))
	}
	return "2026-03-14T12:00:00Z"
}

// randomBody is JSON of about the right shape, or not.
func randomBody(dice *rand.Rand, s schema.Schema) string {
	switch dice.IntN(12) {
	case 0:
		return canary
	case 1:
		return `["` + canary + `"]`
	case 2:
		return "{\"" + canary + "\":\"\xff\"}"
	case 3:
		return strings.Repeat("[", 20_000)
	}
	body := map[string]any{}
	for name, p := range s.Properties {
		if slices.Contains(s.Required, name) || dice.IntN(2) == 0 {
			body[name] = randomMember(dice, *p)
		}
	}
	if dice.IntN(6) == 0 {
		body["verified"] = canary
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func randomMember(dice *rand.Rand, s schema.Schema) any {
	switch dice.IntN(10) {
	case 0:
		return []any{canary}
	case 1:
		return map[string]any{canary: canary}
	case 2:
		return nil
	case 3:
		return dice.IntN(100)
	case 4:
		return randomValue(dice, s)
	}
	switch {
	case s.Format == "uuid":
		return uuid.NewString()
	case len(s.Enum) > 0:
		return s.Enum[dice.IntN(len(s.Enum))]
	case s.Type == "boolean":
		return true
	case s.Type == "integer":
		return dice.IntN(20)
	case s.Type == "array":
		return []any{canary + ".nl"}
	}
	return canary + " " + fmt.Sprint(dice.IntN(1000))
}

// quiet waits until nothing more follows from what was done.
func (s *stack) quiet() {
	s.t.Helper()
	for last, same := s.head(), 0; same < 20; same++ {
		if must(s.t, s.Runner.WaitFor(s.t.Context(), last)); s.head() != last {
			last, same = s.head(), 0
		}
	}
}
