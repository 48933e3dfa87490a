package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/internal/schema"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

var docsPage = template.Must(template.New("docs").Parse(docsHTML))

// documented is an operation as the page shows it.
type documented struct {
	ID, Method, Path, Summary, Right string
	Open                             bool
	Parameters                       []parameter
	Body, Answer                     []row
	Statuses                         []string
}

// row is a member of a body or an answer.
type row struct {
	Name, Type, Rule, Doc string
	Required              bool
}

// documents say what the API is: to programs as OpenAPI, AsyncAPI and JSON Schemas, to people as
// a page.
type documents struct {
	*API
	forCalls, forEvents func() ([]byte, error) // OpenAPI and AsyncAPI, made when first asked for
}

func newDocuments(a *API) documents {
	d := documents{API: a}
	d.forCalls, d.forEvents = sync.OnceValues(d.encodeOpenAPI), sync.OnceValues(d.encodeAsyncAPI)
	return d
}

func (a documents) mount(r chi.Router) {
	r.Method(http.MethodGet, "/openapi.json", problem.Handler(a.serveOpenAPI))
	r.Method(http.MethodGet, "/asyncapi.json", problem.Handler(a.serveAsyncAPI))
	r.Method(http.MethodGet, "/schemas/events/{file}", problem.Handler(a.serveEventSchema))
	r.Method(http.MethodGet, "/docs", problem.Handler(a.serveDocs))
	r.Method(http.MethodGet, "/docs/docs.css", problem.Handler(serveDocsStyle))
}

func (a documents) serveDocs(w http.ResponseWriter, _ *http.Request) error {
	var page bytes.Buffer
	if err := docsPage.Execute(&page, a.documented()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = page.WriteTo(w) // the client may be gone; there is nobody to tell
	return nil
}

func serveDocsStyle(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(docsCSS) // the client may be gone; there is nobody to tell
	return nil
}

func (a documents) documented() []documented {
	var all []documented
	for _, o := range a.operations {
		if o.hidden {
			continue
		}
		d := o.describe()
		doc := documented{
			ID: o.id, Method: o.method, Path: answers.Prefix + o.path, Summary: o.summary, Right: d.Right, Open: d.Security != nil,
			Parameters: d.Parameters, Statuses: slices.Sorted(maps.Keys(d.Responses)),
		}
		if d.RequestBody != nil {
			doc.Body = rowsOf(d.RequestBody.Content["application/json"].Schema, "")
		}
		if answer, ok := d.Responses["200"].Content["application/json"]; ok {
			doc.Answer = rowsOf(answer.Schema, "")
		}
		all = append(all, doc)
	}
	return all
}

func rowsOf(s *schema.Schema, prefix string) []row {
	var rows []row
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		r := row{Name: prefix + name, Type: typeOf(p), Doc: p.Description, Required: slices.Contains(s.Required, name)}
		inner := p
		if p.Items != nil {
			inner = p.Items
		}
		r.Rule = ruleOf(inner)
		rows = append(rows, r)
		rows = append(rows, rowsOf(inner, prefix+name+".")...)
	}
	return rows
}

func typeOf(s *schema.Schema) string {
	name, _ := s.Type.(string)
	if several, ok := s.Type.([]string); ok {
		name = several[0] + " or null"
	}
	if s.Items != nil {
		return name + " of " + typeOf(s.Items)
	}
	if s.Format != "" {
		name += " (" + s.Format + ")"
	}
	return name
}

func ruleOf(s *schema.Schema) string {
	rule := ""
	for i, value := range s.Enum {
		if i > 0 {
			rule += ", "
		}
		rule += value
	}
	if s.MaxLength > 0 {
		rule += "at most " + strconv.Itoa(s.MaxLength) + " characters"
	}
	return rule
}
