package engine

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"sleutelbos/commands/rights"
	"sleutelbos/internal/schema"
)

// Command is the declaration of one command: what every door must know of it, and what it
// does. Doors (API, pages, import, command line) have no other way to run one. The body is the
// struct that clients fill in; no two commands have the same.
type Command struct {
	Name        string
	Description string
	Right       rights.Right // that it needs; empty for one that strangers may run
	UndoneBy    string       // the command that takes it back; empty if there is none
	Icon        string       // on the buttons that run it, among the pictures of the pages
	TakesAway   bool         // somebody loses something by it: its buttons warn
	On          Target
	Body        *schema.Schema
	Result      *schema.Schema
	// RenewsSession says that the asker's browser gets another token after the command.
	RenewsSession bool
	// Elsewhere says that the command has a door of its own, and is not offered by its name.
	Elsewhere bool

	once []string // members of the result that are told once: secrets

	body, undoneBy reflect.Type
	// Decode returns the body that a JSON text tells: held to its rules, with each text in its one form.
	Decode       func(raw []byte) (body any, err error)
	validated    func(body any) (valid any, err error)
	reads        func(body any) []Read
	targetOf     func(body any) string // the id of what it acts on
	meansOneself func(body any) bool   // whoever asks means the own account; nil if nobody has to say so
	keepsOneself bool
	handle       func(ctx context.Context, c *Call, body any) (any, error)
}

// Open says whether the command is for strangers, e.g. for whoever has a link.
func (c Command) Open() bool { return c.Right == "" }

// AsksOneself says whether somebody who runs the command for the own account has to confirm it.
func (c Command) AsksOneself() bool { return c.meansOneself != nil }

// Target is what a command acts on: an aggregate that exists. A command that makes something,
// or finds it by other means, has none.
type Target struct {
	Category string // of the aggregate, e.g. "account"
	Member   string // of the body, that holds the id, e.g. "accountId"
}

// Option adds to a declaration.
type Option func(*Command)

// UndoneBy says which command takes back what this one did, by the type of its body.
func UndoneBy[Body any]() Option {
	return func(c *Command) { c.undoneBy = reflect.TypeFor[Body]() }
}

// Icon says which picture is on the buttons that run the command.
func Icon(name string) Option { return func(c *Command) { c.Icon = name } }

// TakesAway says that somebody loses something by the command: its buttons warn. What nothing
// takes back, see UndoneBy, is not done before whoever pressed one confirms it or says why.
func TakesAway() Option { return func(c *Command) { c.TakesAway = true } }

// ActsOn says what the command acts on. The member must be one of the body.
func ActsOn(t Target) Option { return func(c *Command) { c.On = t } }

// ownAccount is the member of a body by which whoever asks says that the own account is meant. A
// command that has it is refused without it for the own account, see ErrOwnAccount.
const ownAccount = "ownAccount"

// KeepsOneself says that somebody who runs the command for the own account loses no way in by it,
// although it takes something away. Every other such command has the member ownAccount.
func KeepsOneself() Option { return func(c *Command) { c.keepsOneself = true } }

// RenewsSession says that the asker's browser gets another token after the command.
func RenewsSession() Option { return func(c *Command) { c.RenewsSession = true } }

// Elsewhere says that the command has a door of its own, and is not offered by its name. That
// door holds the body to its rules.
func Elsewhere() Option { return func(c *Command) { c.Elsewhere = true } }

// Handle is a use case that looks further than one stream.
type Handle[Body, Result any] func(context.Context, *Call, Body) (Result, error)

// Handled declares a command whose use case looks further than one stream.
func Handled[Body, Result any](name string, right rights.Right, description string, handle Handle[Body, Result], options ...Option) Command {
	if right == "" {
		panic("engine: nobody may run " + name)
	}
	return declare(name, right, description, handle, options)
}

// ForStrangers declares a command that needs no right: who may run it holds a link, a token or
// a password, and the use case looks at that.
func ForStrangers[Body, Result any](name, description string, handle Handle[Body, Result], options ...Option) Command {
	return declare(name, "", description, handle, options)
}

// Guard is an aggregate, and who may reach one of its kind.
type Guard[S, C, E any] struct {
	Aggregate *Aggregate[S, C, E]
	Target    Target
	// Reach returns the id in its one spelling and the state, or the refusal of an asker whose
	// right does not reach it.
	Reach func(ctx context.Context, c *Call, right rights.Right, id string) (string, S, error)
}

// OneStream declares a command that looks at nothing but the aggregate it acts on. decide
// returns the command of the domain, from a body.
func OneStream[S, C, E, Body any](g Guard[S, C, E], name string, right rights.Right, description string,
	decide func(*Call, Body) (id string, command C), options ...Option,
) Command {
	handle := func(ctx context.Context, c *Call, body Body) (None, error) {
		given, command := decide(c, body)
		id, _, err := g.Reach(ctx, c, right, given)
		if err != nil {
			return None{}, err
		}
		_, err = g.Aggregate.Decide(ctx, c, id, command, Step{Own: true})
		return None{}, err
	}
	return Handled(name, right, description, handle, append([]Option{ActsOn(g.Target)}, options...)...)
}

func declare[Body, Result any](name string, right rights.Right, description string, handle Handle[Body, Result], options []Option) Command {
	c := Command{
		Name: name, Description: description, Right: right, body: reflect.TypeFor[Body](),
		Body: schema.Of(reflect.TypeFor[Body]()), Result: schema.Of(reflect.TypeFor[Result]()), once: onceOf(reflect.TypeFor[Result]()),
		Decode: func(raw []byte) (any, error) {
			var body Body
			err := schema.Decode(raw, &body)
			return body, err
		},
		handle: func(ctx context.Context, c *Call, body any) (any, error) {
			return handle(ctx, c, body.(Body)) //nolint:forcetypeassert // Commands finds the declaration by the type
		},
	}
	c.validated = func(given any) (any, error) {
		body := given.(Body) //nolint:forcetypeassert // likewise
		err := schema.Validate(&body)
		return body, err
	}
	for _, o := range options {
		o(&c)
	}
	if member := c.On.Member; member != "" {
		if c.Body.Properties[member] == nil {
			panic(fmt.Sprintf("engine: the body of %s has no %s", name, member))
		}
		of := memberOf(c.body, member)
		c.targetOf = func(body any) string { return of(body).String() }
	}
	switch {
	case c.Body.Properties[ownAccount] != nil:
		of := memberOf(c.body, ownAccount)
		c.meansOneself = func(body any) bool { return of(body).Bool() }
	case c.TakesAway && c.On.Category == "account" && !c.keepsOneself:
		panic(fmt.Sprintf("engine: %s does not say what becomes of whoever runs it for the own account", name))
	}
	return c
}

// memberOf returns what a body has in the member of a name, which is one of its own.
func memberOf(body reflect.Type, name string) func(body any) reflect.Value {
	for field := range body.Fields() {
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return func(body any) reflect.Value { return reflect.ValueOf(body).FieldByIndex(field.Index) }
		}
	}
	panic(fmt.Sprintf("engine: %s has no member %s of its own", body, name))
}
