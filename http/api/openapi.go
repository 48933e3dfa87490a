package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/internal/schema"
)

// document is the part of OpenAPI 3.1 that describes our operations.
type document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       info                            `json:"info"`
	Servers    []apiServer                     `json:"servers"`
	Security   []map[string][]string           `json:"security"`
	Paths      map[string]map[string]described `json:"paths"`
	Components components                      `json:"components"`
}

type info struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Version     string `json:"version"`
}

type apiServer struct {
	URL string `json:"url"`
}

type components struct {
	Schemas         map[string]*schema.Schema `json:"schemas"`
	SecuritySchemes map[string]security       `json:"securitySchemes"`
}

type security struct {
	Type        string `json:"type"`
	Scheme      string `json:"scheme,omitempty"`
	In          string `json:"in,omitempty"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
}

type described struct {
	OperationID string                 `json:"operationId"`
	Summary     string                 `json:"summary"`
	Right       string                 `json:"x-right,omitempty"`
	Tags        []string               `json:"tags"`
	Security    *[]map[string][]string `json:"security,omitempty"` // empty: no credentials
	Parameters  []parameter            `json:"parameters,omitempty"`
	RequestBody *content               `json:"requestBody,omitempty"`
	Responses   map[string]content     `json:"responses"`
}

type parameter struct {
	Name        string         `json:"name"`
	In          string         `json:"in"`
	Description string         `json:"description,omitempty"`
	Required    bool           `json:"required,omitzero"`
	Schema      *schema.Schema `json:"schema"`
}

type content struct {
	Description string           `json:"description,omitempty"`
	Required    bool             `json:"required,omitzero"`
	Content     map[string]media `json:"content,omitempty"`
}

type media struct {
	Schema *schema.Schema `json:"schema"`
}

// openAPI makes the document from the operations.
func (a documents) openAPI() document {
	d := document{
		OpenAPI:  "3.1.0",
		Info:     info{Title: "Sleutelbos", Version: a.Version, Description: "Accounts for organizations that must be able to prove who had access to what, when, and by whose hand."},
		Servers:  []apiServer{{strings.TrimSuffix(a.PublicURL.JoinPath(answers.Prefix).String(), "/")}},
		Security: []map[string][]string{{"apiKey": {}}, {"session": {}}},
		Paths:    map[string]map[string]described{},
		Components: components{
			Schemas: map[string]*schema.Schema{"Problem": schema.Of(reflect.TypeFor[problem.Details]())},
			SecuritySchemes: map[string]security{
				"apiKey":  {Type: "http", Scheme: "bearer", Description: "The API key of a service account."},
				"session": {Type: "apiKey", In: "cookie", Name: a.Askers.Sessions.CookieName(), Description: "From POST /login."},
			},
		},
	}
	for _, o := range a.operations {
		if o.hidden {
			continue
		}
		if d.Paths[o.path] == nil {
			d.Paths[o.path] = map[string]described{}
		}
		d.Paths[o.path][strings.ToLower(o.method)] = o.describe()
	}
	return d
}

func (o operation) describe() described {
	right := o.right
	if right == "" {
		right = o.needs
	}
	d := described{
		OperationID: o.id, Summary: o.summary, Right: string(right), Tags: []string{strings.Split(o.path, "/")[1]},
		Parameters: o.parameters(), Responses: o.responses(),
	}
	if o.open && right == "" {
		d.Security = &[]map[string][]string{}
	}
	body := o.bodySchema
	if o.body != nil {
		body = schema.Of(o.body)
	}
	if body != nil {
		d.RequestBody = &content{Required: true, Content: map[string]media{"application/json": {body}}}
	}
	return d
}

func (o operation) parameters() []parameter {
	var all []parameter
	for part := range strings.SplitSeq(o.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			s := &schema.Schema{Type: "string"}
			if name == "id" {
				s.Format = "uuid"
			}
			all = append(all, parameter{Name: name, In: "path", Required: true, Schema: s})
		}
	}
	for _, p := range o.params {
		all = append(all, parameter{Name: p.Name, In: "query", Description: p.Doc, Required: p.Required, Schema: schemaOf(p)})
	}
	for _, p := range o.headers {
		s := schemaOf(p)
		if p.Name == "If-Match" {
			s = &schema.Schema{Type: "string", Pattern: `^(\*|(W/)?"[^"]*"( *, *(W/)?"[^"]*")*)$`}
		}
		all = append(all, parameter{Name: p.Name, In: "header", Description: p.Doc, Schema: s})
	}
	return all
}

func (o operation) responses() map[string]content {
	good := content{Description: "Done.", Content: map[string]media{}}
	answer := o.answerSchema
	if o.answer != nil {
		answer = schema.Of(o.answer)
	}
	if answer != nil {
		good.Content["application/json"] = media{answer}
	}
	for _, m := range o.media {
		good.Content[m] = media{&schema.Schema{Type: "string"}}
	}
	status := http.StatusOK
	switch {
	case o.accepted:
		status = http.StatusAccepted
	case o.empty:
		status = http.StatusNoContent
	}
	responses := map[string]content{strconv.Itoa(status): good}
	for _, s := range o.statuses() {
		responses[strconv.Itoa(s)] = content{
			Description: http.StatusText(s),
			Content:     map[string]media{"application/problem+json": {&schema.Schema{Ref: "#/components/schemas/Problem"}}},
		}
	}
	return responses
}

// statuses returns the refusals of the operation, with those that every one may answer.
func (o operation) statuses() []int {
	all := append([]int{http.StatusBadRequest, http.StatusInternalServerError, http.StatusServiceUnavailable}, o.refusals...)
	if !o.open || o.needs != "" {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden)
	}
	if o.method == http.MethodPost {
		all = append(all, http.StatusForbidden, http.StatusRequestEntityTooLarge)
	}
	if o.body != nil || o.bodySchema != nil {
		all = append(all, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (a documents) serveOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	text, err := a.forCalls()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // the client may be gone; there is nobody to tell
	return nil
}

func (a documents) encodeOpenAPI() ([]byte, error) {
	return json.Marshal(a.openAPI(), json.Deterministic(true), jsontext.WithIndent("  "))
}

// schemaOf returns the parameter's JSON Schema.
func schemaOf(p answers.Param) *schema.Schema {
	switch p.Kind {
	case answers.ID:
		return &schema.Schema{Type: "string", Format: "uuid"}
	case answers.Flag:
		return &schema.Schema{Type: "boolean"}
	case answers.Number:
		zero := 0
		return &schema.Schema{Type: "integer", Minimum: &zero, Maximum: &p.Max}
	case answers.Moment, answers.End:
		return &schema.Schema{Type: "string", AnyOf: []*schema.Schema{{Format: "date-time"}, {Format: "date"}}}
	case answers.Position:
		return &schema.Schema{Type: "string", Pattern: "^[0-9]+$"}
	case answers.OneOf:
		return &schema.Schema{Type: "string", Enum: p.Enum}
	default:
		return &schema.Schema{Type: "string", MaxLength: p.Most()}
	}
}
