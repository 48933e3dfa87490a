package engine

import (
	"context"
	"fmt"
	"reflect"

	"sleutelbos/domain"
)

// ErrCommandUnknown refuses a name that no command has.
var ErrCommandUnknown = domain.NotFound("command-unknown", "There is no such command.")

// ErrOwnAccount refuses to take the own account's access away, unless whoever asks says that this is
// meant.
var ErrOwnAccount = domain.InvalidCode("own_account", "own-account", "This is your own account. Confirm that you mean it.")

// meant refuses what may shut out whoever asks, if that was not said to be meant.
func (c Command) meant(call *Call, body any) error {
	if c.meansOneself == nil || c.meansOneself(body) {
		return nil
	}
	if id, ok := ParseID(c.targetOf(body)); !ok || id != call.Actor.AccountID {
		return nil
	}
	if err := call.Need(c.Right); err != nil {
		return err
	}
	return ErrOwnAccount
}

// Commands are the declared commands, and the one door to them all. It is safe for concurrent
// use.
type Commands struct {
	engine *Engine
	all    []Command
	byName map[string]int
	byBody map[reflect.Type]int
}

// NewCommands returns the commands of an engine, in the order in which they are declared. It
// panics if two have the same name or body, or if one is undone by a command that is not
// declared: these are faults of the program, found at every start.
func NewCommands(e *Engine, all ...Command) *Commands {
	cs := &Commands{engine: e, byName: map[string]int{}, byBody: map[reflect.Type]int{}}
	for _, c := range all {
		_, named := cs.byName[c.Name]
		_, typed := cs.byBody[c.body]
		if named || typed {
			panic("engine: declared twice: " + c.Name)
		}
		cs.byName[c.Name], cs.byBody[c.body] = len(cs.all), len(cs.all)
		cs.all = append(cs.all, c)
	}
	for i, c := range cs.all {
		if c.undoneBy == nil {
			continue
		}
		by, declared := cs.byBody[c.undoneBy]
		if !declared {
			panic("engine: " + c.Name + " is undone by a command that is not declared")
		}
		cs.all[i].UndoneBy = cs.all[by].Name
	}
	return cs
}

// All returns every command, also those with a door of their own.
func (cs *Commands) All() []Command { return cs.all }

// List returns the commands that are offered by their names.
func (cs *Commands) List() []Command {
	var offered []Command
	for _, c := range cs.all {
		if !c.Elsewhere {
			offered = append(offered, c)
		}
	}
	return offered
}

// Find returns a command that is offered by its name.
func (cs *Commands) Find(name string) (Command, bool) {
	i, ok := cs.byName[name]
	if !ok || cs.all[i].Elsewhere {
		return Command{}, false
	}
	return cs.all[i], true
}

// Of returns the command that a body is for. It panics if the type is not the body of a
// command: a fault of the program.
func (cs *Commands) Of(body any) Command {
	i, ok := cs.byBody[reflect.TypeOf(body)]
	if !ok {
		panic(fmt.Sprintf("engine: no command has %T as its body", body))
	}
	return cs.all[i]
}

// RunJSON decodes a body and runs the command of a name. The caller says in r who asks, from
// where, and under what conditions; the name and the fingerprint are set here. Errors:
// ErrCommandUnknown, *schema.Error for a body that is not acceptable, those of Engine.Do.
func (cs *Commands) RunJSON(ctx context.Context, r Request, name string, raw []byte) (Outcome, error) {
	c, ok := cs.Find(name)
	if !ok {
		return Outcome{}, ErrCommandUnknown
	}
	body, err := c.Decode(raw)
	if err != nil {
		return Outcome{}, err
	}
	return cs.run(ctx, r, c, body)
}

// Run runs the command that a body is for, e.g. accounts.BlockAccount. It is RunJSON for
// callers in Go.
func (cs *Commands) Run(ctx context.Context, r Request, body any) (Outcome, error) {
	c, valid := cs.Of(body), body
	if !c.Elsewhere { // its own door holds the body to its rules
		var err error
		if valid, err = c.validated(body); err != nil {
			return Outcome{}, err
		}
	}
	return cs.run(ctx, r, c, valid)
}

func (cs *Commands) run(ctx context.Context, r Request, c Command, body any) (Outcome, error) {
	r.Name = c.Name
	if r.IdempotencyKey != "" {
		var err error
		if r.Fingerprint, err = cs.engine.fingerprintOf(c, r.IdempotencyKey, body); err != nil {
			return Outcome{}, err
		}
	}
	return cs.engine.Do(ctx, r, func(ctx context.Context, call *Call) (any, error) {
		call.once = c.once
		if err := c.meant(call, body); err != nil {
			return nil, err
		}
		call.readAhead(ctx, c, body)
		return c.handle(ctx, call, body)
	})
}
