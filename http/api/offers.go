// Package api is the HTTP contract for programs: it finds out who asks, decodes, calls
// and encodes, and decides nothing. Each command is offered once, in Offers; forms,
// imports and the command line call the same offer. The OpenAPI document is made from
// what is offered here.
package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"reflect"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/internal/schema"
)

// Offer is one command as clients see it.
type Offer struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Right       rights.Right   `json:"right,omitempty"` // empty: no credentials are needed
	Undoable    bool           `json:"undoable"`
	UndoneBy    string         `json:"undoneBy,omitempty"` // the command that takes it back
	Schema      *schema.Schema `json:"schema"`
	Result      *schema.Schema `json:"result,omitempty"`

	run func(ctx context.Context, body []byte, req engine.Request) (engine.Outcome, error)
}

// Open says whether the command is for whoever has a link, without signing in.
func (o Offer) Open() bool { return o.Right == "" }

// Offers is every command that is offered. It is safe for concurrent use.
type Offers struct {
	service *commands.Service
	list    []Offer
	byName  map[string]int
}

// NewOffers offers the commands of a service.
func NewOffers(s *commands.Service) *Offers {
	o := &Offers{service: s, byName: map[string]int{}}
	offerOrganizations(o)
	offerAccounts(o)
	offerActivation(o)
	offerPasswords(o)
	offerLicenses(o)
	offerLetters(o)
	return o
}

// List answers every offer, in the order in which they are documented.
func (o *Offers) List() []Offer { return o.list }

// Find answers an offer by the command's name.
func (o *Offers) Find(name string) (Offer, bool) {
	i, ok := o.byName[name]
	if !ok {
		return Offer{}, false
	}
	return o.list[i], true
}

// Run decodes the body (JSON, at most what the server lets in) and runs the command. The
// caller says in req who asks, from where, and under what conditions; the name and the
// fingerprint are set here. Errors: *problem.Error for a body that is not acceptable,
// those of commands.Service.Do.
func (o *Offers) Run(ctx context.Context, name string, body []byte, req engine.Request) (engine.Outcome, error) {
	offer, ok := o.Find(name)
	if !ok {
		return engine.Outcome{}, problem.New(http.StatusNotFound, "command-unknown")
	}
	req.Name = name
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s", name, body))
	req.Fingerprint = sum[:]
	return offer.run(ctx, body, req)
}

// about is what a client may know of a command before sending it.
type about struct {
	name, description string
	right             rights.Right
	undoneBy          string
}

// offer gives a command its name, schema and door. Body is the API's, Command is the
// service's; either may change alone.
func offer[Body, Command, Result any](o *Offers, a about, command func(Body) Command,
	handle func(context.Context, *engine.Call, Command) (Result, error),
) {
	if _, ok := o.byName[a.name]; ok {
		panic("api: offered twice: " + a.name)
	}
	o.byName[a.name] = len(o.list)
	entry := Offer{
		Name: a.name, Description: a.description, Right: a.right, Undoable: a.undoneBy != "", UndoneBy: a.undoneBy,
		Schema: schema.Of(reflect.TypeFor[Body]()), Result: schema.Of(reflect.TypeFor[Result]()),
	}
	entry.run = func(ctx context.Context, raw []byte, req engine.Request) (engine.Outcome, error) {
		var body Body
		if err := schema.Decode(raw, &body); err != nil {
			return engine.Outcome{}, err
		}
		return o.service.Do(ctx, req, func(ctx context.Context, c *engine.Call) (any, error) {
			return handle(ctx, c, command(body))
		})
	}
	o.list = append(o.list, entry)
}
