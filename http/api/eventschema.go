package api

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/internal/schema"
)

// schemaDocument is a schema that stands alone.
type schemaDocument struct {
	Dialect string `json:"$schema"`
	ID      string `json:"$id"`
	Title   string `json:"title"`
	*schema.Schema
}

// storedSchema is an event's data as it is in the log, and as the door of the event store
// sends it. Members may be added to an event, so others than those named are allowed.
func storedSchema(r *eventstore.Registry, name string) *schema.Schema {
	t, _ := r.StoredTypeOf(name)
	s := opened(schema.Of(t))
	for _, member := range r.PersonalMembers(name) {
		p := s.Properties[member]
		p.Personal, p.Format, p.Enum = true, "", nil
		p.Description = "Personal: ciphertext, under a key of the person. When that key is destroyed nobody can read it any more."
	}
	return s
}

// publicSchema is an event's data as the feed of the API sends it.
func publicSchema(r *eventstore.Registry, name string) *schema.Schema {
	t, _ := r.TypeOf(name)
	s := opened(schema.Of(t))
	for _, member := range r.PersonalMembersToday(name) {
		s.Properties[member].Personal = true
		s.Properties[member].Description = "Personal: only for who may see the account; " + eventstore.Erased + " when its key was destroyed."
		s.Required = slices.DeleteFunc(s.Required, func(name string) bool { return name == member })
	}
	maps.DeleteFunc(s.Properties, func(name string, _ *schema.Schema) bool { return catalog.Internal(name) })
	s.Required = slices.DeleteFunc(s.Required, catalog.Internal)
	return camelSchema(s)
}

// opened allows members that are not named, in inner objects too.
func opened(s *schema.Schema) *schema.Schema {
	if s == nil {
		return nil
	}
	if s.AdditionalProperties == false {
		s.AdditionalProperties = nil
	}
	opened(s.Items)
	for _, p := range s.Properties {
		opened(p)
	}
	return s
}

// camelSchema renames members as camelled does.
func camelSchema(s *schema.Schema) *schema.Schema {
	if s.Properties == nil {
		return s
	}
	properties := map[string]*schema.Schema{}
	for name, p := range s.Properties {
		properties[answers.Camel(name)] = camelSchema(p)
	}
	s.Properties = properties
	for i, name := range s.Required {
		s.Required[i] = answers.Camel(name)
	}
	slices.Sort(s.Required)
	return s
}

// cloudEventSchema is the envelope of the feed, whatever is in it.
func cloudEventSchema() *schema.Schema {
	s := opened(schema.Of(reflect.TypeFor[CloudEvent]()))
	s.Properties["data"] = &schema.Schema{Type: "object", Description: s.Properties["data"].Description}
	s.Properties["specversion"].Const = "1.0"
	s.Properties["position"].Pattern = "^[0-9]+$"
	s.Properties["revision"].Pattern = "^[0-9]+$"
	return s
}

// serveEventSchema returns the schema of an event by its stored name and ".json".
func (a documents) serveEventSchema(w http.ResponseWriter, r *http.Request) error {
	name, isJSON := strings.CutSuffix(chi.URLParam(r, "file"), ".json")
	if _, known := a.Journal.Registry.TypeOf(name); !known || !isJSON {
		return problem.New(http.StatusNotFound, "not-found")
	}
	text, err := json.Marshal(schemaDocument{
		Dialect: "https://json-schema.org/draft/2020-12/schema", ID: a.schemaURL(name), Title: name,
		Schema: storedSchema(a.Journal.Registry, name),
	}, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/schema+json")
	_, _ = w.Write(text) // the client may be gone; there is nobody to tell
	return nil
}

func (a documents) schemaURL(name string) string {
	return a.PublicURL.JoinPath("schemas", "events", name+".json").String()
}
