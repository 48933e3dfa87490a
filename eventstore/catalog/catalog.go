// Package catalog is the schema of record: it gives every event its stored name, and says in
// the same line all that is said about the event anywhere. There is a file for each
// aggregate, and no second list of events: the registry, the sentences and pictures of the
// history, the feed, the schemas and the exports range over the catalog. An event that leaves
// something unsaid stops the program at its start.
//
// A stored name is never changed and never used for something else; its golden file in
// testdata shows it as it is stored, with the personal members in plain text.
package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
)

// everything is the whole catalog. It is made once, checked, and never changed.
var everything = func() *catalog {
	c, err := assemble(
		accounts(), persons(), organizations(), licenses(), licenseRequests(), regions(), roleGroups(), letters(), messages(), mailTemplates(), reservations(), sessions(), refusals(), passes(), seals(),
	)
	if err != nil {
		panic("catalog:\n" + err.Error())
	}
	return c
}()

type catalog struct {
	aggregates []Aggregate
	byName     map[string]Event
	byType     map[reflect.Type]Event    // what is written today
	names      map[reflect.Type][]string // all names that are read as the type, sorted
}

// New returns a registry of every name ever stored.
func New() *eventstore.Registry {
	r := eventstore.NewRegistry()
	for _, a := range everything.aggregates {
		for _, e := range a.Events {
			e.register(r)
		}
	}
	for _, kind := range reservation.Kinds() { // whose streams are named after what is claimed
		r.Own(string(kind))
	}
	r.Own("refusals", strings.TrimSuffix(audit.StreamPrefix, "-"))
	return r
}

// Aggregates returns every aggregate with its events, in the order of the catalog.
func Aggregates() []Aggregate { return slices.Clone(everything.aggregates) }

// Find returns the event of a stored name; false if the name was never stored.
func Find(name string) (Event, bool) {
	e, ok := everything.byName[name]
	return e, ok
}

// Of returns what is said about an event of the domain; false if it has no stored name.
func Of(event any) (About, bool) {
	e, ok := everything.byType[reflect.TypeOf(event)]
	return e.About, ok
}

// Implementing returns the events that implement an interface, without their values.
func Implementing[I any]() []any {
	var events []any
	for _, a := range everything.aggregates {
		for _, e := range a.Events {
			if event, ok := reflect.Zero(e.Type).Interface().(I); ok && !e.Before {
				events = append(events, event)
			}
		}
	}
	return events
}

// Matching returns the stored names that fit one of some patterns: a name, or the beginning of names
// followed by "*". What fits nothing names nothing.
func Matching(patterns ...string) []string {
	var names []string
	for name := range everything.byName {
		if slices.ContainsFunc(patterns, func(p string) bool {
			prefix, several := strings.CutSuffix(p, "*")
			return p == name || several && strings.HasPrefix(name, prefix)
		}) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// NamesOf returns every stored name that is read as one of the given events, whose values
// don't matter. It includes the names that are no longer written, so a reader that asks for
// these names misses none. It panics on what is no event, a fault of the program.
func NamesOf(events ...any) []string {
	var names []string
	for _, event := range events {
		found := everything.names[reflect.TypeOf(event)]
		if len(found) == 0 {
			panic(fmt.Sprintf("catalog: %T has no stored name", event))
		}
		names = append(names, found...)
	}
	return names
}
