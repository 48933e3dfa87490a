package api

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-json-experiment/json"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/internal/schema"
)

// operation is one call of the API: what the router and the OpenAPI document are made of.
type operation struct {
	id, method, path, summary string
	right                     rights.Right // that the asker must have; empty asks for no right
	open                      bool         // no credentials needed
	params                    []answers.Param
	headers                   []answers.Param // that the request may have, for the document only
	body                      reflect.Type
	bodySchema                *schema.Schema
	answer                    reflect.Type // of the 200 as JSON; nil for an answer without one
	answerSchema              *schema.Schema
	media                     []string     // of other answers
	refusals                  []int        // beyond those that every operation has
	needs                     rights.Right // the right as documented, where the command itself checks it
	empty, accepted           bool         // the answer has no body; it is 202
	hidden                    bool         // not in the document
	handle                    func(*asking) error
	flow                      *flow // of an answer that goes on for long: the only one, or that as CSV
}

// asking is one request to one operation.
type asking struct {
	*http.Request
	w    http.ResponseWriter
	op   operation
	who  rights.Principal
	args answers.Args
}

func (a *API) serve(o operation, w http.ResponseWriter, r *http.Request) error {
	k := &asking{Request: r, w: w, op: o, who: session.Who(r.Context())}
	if !o.open && !session.SignedIn(r.Context()) {
		return engine.ErrNotSignedIn
	}
	if o.right != "" && k.who.May(o.right) == rights.ScopeNone {
		return a.denied(k, refusalOf(k.who))
	}
	var err error
	if k.args, err = answers.ParseArgs(o.params, r.URL.RawQuery); err != nil {
		return err
	}
	if o.flow != nil && (o.handle == nil || k.args["format"] != answers.InJSON && k.args["format"] != "") {
		return a.flow(k)
	}
	return o.handle(k)
}

// refusalOf tells who must choose a password first to do that.
func refusalOf(who rights.Principal) error {
	if who.PasswordChangeRequired {
		return engine.ErrPasswordChangeDue
	}
	return engine.ErrDenied
}

// denied records that the asker was refused, and returns the refusal.
func (a *API) denied(k *asking, refusal error) error {
	req := session.Request(k.Request, "api")
	req.Name = k.op.id
	return a.Service.Engine.Denied(k.Context(), req, refusal)
}

// id returns the id in the path in its one spelling; what is no id names nothing.
func (k *asking) id() (string, error) {
	id, ok := schema.ParseID(chi.URLParam(k.Request, "id"))
	if !ok {
		return "", problem.New(http.StatusNotFound, "not-found")
	}
	return id, nil
}

// idIn returns the id in the path, empty for a path that has none.
func (k *asking) idIn(path string) (string, error) {
	if !strings.Contains(path, "{id}") {
		return "", nil
	}
	return k.id()
}

// answer writes a 200 as JSON.
func (k *asking) answer(v any) error {
	body, err := json.Marshal(v, json.Deterministic(true)) // what is in a map comes in one order
	if err != nil {
		return err
	}
	k.write(body)
	return nil
}

// write writes a 200 that is JSON already.
func (k *asking) write(body []byte) {
	k.w.Header().Set("Content-Type", "application/json")
	_, _ = k.w.Write(body) // the client may be gone; there is nobody to tell
}
