package api

import (
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/internal/schema"
)

// commandDoor is where clients run commands.
type commandDoor struct{ *API }

// operations are the one endpoint of all commands, an operation a command for the
// document's sake, and the list of them.
func (a commandDoor) operations() []operation {
	operations := []operation{{
		id: "ListCommands", method: http.MethodGet, path: "/commands", open: true,
		summary: "Every command: what it does, its body, the right it needs, what takes it back.",
		answer:  reflect.TypeFor[offerList](),
		handle:  func(k *asking) error { return k.answer(viewCommands(a.Service.List())) },
	}}
	for _, o := range a.Service.List() {
		operations = append(operations, operation{
			id: o.Name, method: http.MethodPost, path: "/commands/" + o.Name, summary: o.Description,
			open:       true, // who may is the command's own matter, and recorded there
			bodySchema: o.Body, answerSchema: outcomeSchema(o), headers: commandHeaders, needs: o.Right,
			refusals: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
			handle:   func(k *asking) error { return a.command(k, o) },
		})
	}
	return append(operations, operation{
		id: "UnknownCommand", method: http.MethodPost, path: "/commands/{name}", open: true, hidden: true,
		handle: func(*asking) error { return problem.New(http.StatusNotFound, "command-unknown") },
	})
}

// offered is a command as clients see it before they send it.
type offered struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Right       rights.Right   `json:"right,omitempty"` // empty: no credentials are needed
	Undoable    bool           `json:"undoable"`
	UndoneBy    string         `json:"undoneBy,omitempty"` // the command that takes it back
	Schema      *schema.Schema `json:"schema"`
	Result      *schema.Schema `json:"result,omitempty"`
}

type offerList struct {
	Items []offered `json:"items"`
}

func viewCommands(all []engine.Command) offerList {
	list := offerList{Items: []offered{}}
	for _, c := range all {
		list.Items = append(list.Items, offered{c.Name, c.Description, c.Right, c.UndoneBy != "", c.UndoneBy, c.Body, c.Result})
	}
	return list
}

var commandHeaders = []answers.Param{
	{Name: "Idempotency-Key", Kind: answers.ID, Doc: "The same key again gets the first answer again, also after a restart, and appends nothing."},
	{Name: "If-Match", Doc: `The revision that the client saw, between double quotes; several with commas between, or * for any. Answers 412 if the thing has moved on.`},
	{Name: "Dry-Run", Kind: answers.Flag, Doc: "true: decides, answers the events that there would be, and appends nothing."},
}

func (a commandDoor) command(k *asking, o engine.Command) error {
	req := session.Request(k.Request, "api")
	req.Name = o.Name
	if !o.Open() && !session.SignedIn(k.Context()) {
		return a.Service.Engine.Denied(k.Context(), req, engine.ErrNotSignedIn)
	}
	if err := conditions(k.Header, &req); err != nil {
		return err
	}
	body, err := readBody(k.Request)
	if err != nil {
		return err
	}
	outcome, err := a.Service.RunJSON(k.Context(), req, o.Name, body)
	if err != nil {
		return err
	}
	if _, ok := a.Askers.Sessions.Of(k.Context()); ok && o.RenewsSession && !req.DryRun {
		if err := a.Askers.Renew(k.Context()); err != nil {
			return err
		}
	}
	if len(outcome.Streams) > 0 {
		etag(k.w, outcome.Streams[0].Revision)
	}
	return k.answer(outcome)
}

// conditions reads the headers under which a command is to run.
func conditions(h http.Header, req *engine.Request) error {
	if key := h.Get("Idempotency-Key"); key != "" {
		id, ok := schema.ParseID(key)
		if !ok {
			return problem.New(http.StatusBadRequest, "idempotency-key-invalid")
		}
		req.IdempotencyKey = id
	}
	if match := strings.Join(h.Values("If-Match"), ","); match != "" {
		condition, ok := matchOf(match)
		if !ok {
			return problem.New(http.StatusBadRequest, "if-match-invalid")
		}
		req.IfMatch = condition
	}
	switch h.Get("Dry-Run") {
	case "", "false":
	case "true":
		req.DryRun = true
	default:
		return problem.New(http.StatusBadRequest, "dry-run-invalid")
	}
	return nil
}

// entityTags is the value of If-Match when it lists tags (RFC 9110, 8.8.3).
var entityTags = regexp.MustCompile(`^[ \t,]*((W/)?"[!#-~]*"[ \t]*(,[ \t,]*|$))+$`)

// matchOf reads If-Match. A tag that is not a revision of ours is one that nothing has, and so is a
// weak one: If-Match compares strongly. It returns false for what is no list of tags.
func matchOf(header string) (*engine.Match, bool) {
	if strings.TrimSpace(header) == "*" {
		return &engine.Match{Any: true}, true
	}
	if len(header) > maxIfMatch || !entityTags.MatchString(header) {
		return nil, false
	}
	match := &engine.Match{}
	for _, tag := range revisionTag.FindAllStringSubmatch(header, -1) {
		if revision, err := strconv.ParseInt(tag[1], 10, 64); err == nil {
			match.Revisions = append(match.Revisions, revision)
		}
	}
	return match, true
}

// maxIfMatch bounds the header.
const maxIfMatch = 1000

// revisionTag is a strong tag with a revision as we write it; no comma can be within a tag of digits.
var revisionTag = regexp.MustCompile(`(?:^|[ \t,])"(0|[1-9][0-9]*)"`)

// outcomeSchema is the answer of every command, with the result of this one.
func outcomeSchema(o engine.Command) *schema.Schema {
	stream := func(more map[string]*schema.Schema) *schema.Schema {
		properties := map[string]*schema.Schema{"stream": {Type: "string"}, "revision": {Type: "integer"}}
		for name, s := range more {
			properties[name] = s
		}
		return &schema.Schema{Type: "array", Items: &schema.Schema{Type: "object", Properties: properties}}
	}
	result := o.Result
	if len(result.Properties) == 0 {
		result = &schema.Schema{Type: "object", Description: "Empty: the command makes nothing new."}
	}
	properties := map[string]*schema.Schema{
		"result":    result,
		"commandId": {Type: "string", Format: "uuid"},
		"streams":   stream(nil),
		"position":  {Type: "string", Description: "Of the last event; 0 if there was none."},
		"events":    stream(map[string]*schema.Schema{"id": {Type: "string", Format: "uuid"}, "type": {Type: "string"}}),
	}
	return &schema.Schema{Type: "object", Properties: properties, Required: []string{"commandId", "events", "position", "result", "streams"}}
}
