package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/keystest"
	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"
)

// update writes the document again. Look at what changed: others read it.
var update = flag.Bool("update", false, "write docs/asyncapi.json")

func documenting(t *testing.T) documents {
	t.Helper()
	public, err := url.Parse("https://sleutelbos.example")
	if err != nil {
		t.Fatal(err)
	}
	return newDocuments(&API{Config: Config{Journal: eventstore.Journal{Registry: catalog.New()}, PublicURL: public, Version: "1"}})
}

func TestAsyncAPIIsAsPublished(t *testing.T) {
	text, err := documenting(t).encodeAsyncAPI()
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	published := filepath.Join("..", "..", "docs", "asyncapi.json")
	if *update {
		if err := os.WriteFile(published, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(published)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(text)); d != "" {
		t.Errorf("write it with -update, if that is meant (-published +made):\n%s", d)
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	refs := 0
	eachRef(document, func(ref string) {
		refs++
		var at any = document
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			object, _ := at.(map[string]any)
			at = object[part]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	})
	if names := len(catalog.New().Names()); refs < 5*names {
		t.Errorf("%d references for %d events", refs, names)
	}
}

func eachRef(v any, visit func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if ref, ok := inner.(string); ok && name == "$ref" {
				visit(ref)
			}
			eachRef(inner, visit)
		}
	case []any:
		for _, inner := range v {
			eachRef(inner, visit)
		}
	}
}

// closed forbids members that are not named, so that a test sees what a schema forgot.
func closed(s *schema.Schema) *schema.Schema {
	if s.Properties != nil {
		s.AdditionalProperties = false
	}
	for _, p := range s.Properties {
		closed(p)
	}
	if s.Items != nil {
		closed(s.Items)
	}
	return s
}

func resolved(t *testing.T, s *schema.Schema) *jsonschema.Resolved {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	r, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEventSchemas holds every schema against what was stored under its name, and against
// what the feed makes of it. Each required member is missed once.
func TestEventSchemas(t *testing.T) {
	r := catalog.New()
	for _, name := range r.Names() {
		t.Run(name, func(t *testing.T) {
			stored, err := os.ReadFile(filepath.Join("..", "..", "eventstore", "catalog", "testdata", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			event, _, err := r.DecodeSealed(keystest.Hashed(eventstore.Event{Type: name, Data: stored}))
			if err != nil {
				t.Fatal(err)
			}
			public, err := answers.PublicData(event, nil)
			if err != nil {
				t.Fatal(err)
			}
			hidden, err := answers.PublicData(event, r.PersonalMembersToday(name))
			if err != nil {
				t.Fatal(err)
			}
			members := map[string]any{}
			if err := json.Unmarshal(bytes.TrimSpace(stored), &members); err != nil {
				t.Fatal(err)
			}
			judge(t, "stored", closed(storedSchema(r, name)), members)
			judge(t, "public", closed(publicSchema(r, name)), public)
			if err := resolved(t, closed(publicSchema(r, name))).Validate(hidden); err != nil {
				t.Errorf("without personal members: %v", err)
			}
		})
	}
}

func judge(t *testing.T, what string, s *schema.Schema, members map[string]any) {
	t.Helper()
	schema := resolved(t, s)
	if err := schema.Validate(members); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	for _, name := range s.Required {
		value := members[name]
		delete(members, name)
		if schema.Validate(members) == nil {
			t.Errorf("%s: nobody misses %s", what, name)
		}
		members[name] = value
	}
	members["more"] = 1.0
	if schema.Validate(members) == nil {
		t.Errorf("%s: a member that is not described was accepted", what)
	}
	delete(members, "more")
}
