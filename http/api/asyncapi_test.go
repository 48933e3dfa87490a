package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
)

// TestTheFeedIsAsDescribed reads the feed with the schemas that are served, as a stranger
// to the program would.
func TestTheFeedIsAsDescribed(t *testing.T) {
	s := newStack(t)
	h := s.house("Alfa")
	s.platform().run("BlockAccount", map[string]any{"accountId": h.user, "reason": "why not"})

	document := parse[struct {
		AsyncAPI   string
		Components struct{ Schemas map[string]*jsonschema.Schema }
	}](t, s.stranger().get("/asyncapi.json"))
	same(t, document.AsyncAPI, "3.0.0")
	validate := func(schema *jsonschema.Schema, value any) {
		t.Helper()
		resolved, err := schema.Resolve(nil)
		must(t, err)
		if err := resolved.Validate(value); err != nil {
			t.Errorf("%v: %v", value, err)
		}
	}
	seen := map[string]bool{}
	for line := range strings.SplitSeq(string(s.platform().get("/api/v1/events?follow=false").body), "\n") {
		text, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var event map[string]any
		must(t, json.Unmarshal([]byte(text), &event))
		typ := event["type"].(string)
		validate(document.Components.Schemas["CloudEvent"].CloneSchemas(), event)
		validate(document.Components.Schemas[typ].CloneSchemas(), event["data"])
		seen[typ] = true
	}
	if !seen["account.created.v1"] || !seen["account.blocked.v1"] {
		t.Errorf("the feed had %v", seen)
	}

	for r, err := range s.Journal.Store.ReadStream(t.Context(), "account-"+h.user, 0, 0) {
		must(t, err)
		a := s.stranger().get("/schemas/events/" + r.Type + ".json")
		same(t, []any{a.status, a.header.Get("Content-Type")}, []any{200, "application/schema+json"})
		schema := parse[*jsonschema.Schema](t, a)
		same(t, schema.ID, s.Server.URL+"/schemas/events/"+r.Type+".json")
		var data any
		must(t, json.Unmarshal(r.Data, &data))
		validate(schema, data)
	}
	for _, file := range []string{"account.unknown.v1.json", "account.blocked.v1", "..%2f..%2fgo.mod"} {
		s.stranger().get("/schemas/events/"+file).refused(t, 404, "not-found")
	}
}
