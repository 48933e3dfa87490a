package reactors

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Askers keeps the vault's knowledge of those who ask up to date where a command could not,
// because its program ended between the append and the vault.
type Askers struct{ access.Access }

// Reactor returns the reactor. It asks for every event of the two streams that askers follow
// from, so that no event can be forgotten.
func (a Askers) Reactor() Reactor {
	var types []string
	for _, aggregate := range catalog.Aggregates() {
		if aggregate.Name == access.Account.Category || aggregate.Name == access.Organization.Category {
			for _, e := range aggregate.Events {
				types = append(types, e.Name)
			}
		}
	}
	return Reactor{Name: "askers", Types: types, Handle: func(ctx context.Context, _ any, rec eventstore.Record) error { return a.CatchUp(ctx, rec) }}
}
