package catalog

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// assemble makes the catalog. Its error names everything that was left unsaid.
func assemble(aggregates ...Aggregate) (*catalog, error) {
	c := &catalog{
		aggregates: aggregates, byName: map[string]Event{}, byType: map[reflect.Type]Event{}, names: map[reflect.Type][]string{},
	}
	var errs []error
	for _, a := range aggregates {
		errs = append(errs, checkSaid(a.Name, "name", a.Says))
		if a.IDs != OwnIDs && a.IDs != NoIDs {
			errs = append(errs, fmt.Errorf("%s does not say whether it has ids", a.Name))
		}
		for _, e := range a.Events {
			errs = append(errs, c.add(a, e))
		}
	}
	errs = append(errs, c.inherit())
	for _, names := range c.names {
		slices.Sort(names)
	}
	return c, errors.Join(errs...)
}

func (c *catalog) add(a Aggregate, e Event) error {
	if _, twice := c.byName[e.Name]; twice {
		return fmt.Errorf("%s is there twice", e.Name)
	}
	if !strings.HasPrefix(e.Name, a.Name+".") {
		return fmt.Errorf("%s stands with the aggregate %s", e.Name, a.Name)
	}
	c.byName[e.Name] = e
	c.names[e.Type] = append(c.names[e.Type], e.Name)
	if e.Before {
		return nil // what is said about it comes from the name of today
	}
	if other, twice := c.byType[e.Type]; twice {
		return fmt.Errorf("%s has two stored names, %s and %s", e.Type, other.Name, e.Name)
	}
	c.byType[e.Type] = e
	return e.check()
}

// inherit says of every name that is no longer written what is said of the name of today.
func (c *catalog) inherit() error {
	for i, a := range c.aggregates {
		for j, e := range a.Events {
			if !e.Before {
				continue
			}
			today, ok := c.byType[e.Type]
			if !ok {
				return fmt.Errorf("%s reads as %s, which has no stored name of today", e.Name, e.Type)
			}
			e.About = today.About
			c.byName[e.Name], c.aggregates[i].Events[j] = e, e
		}
	}
	return nil
}

// check returns what an event left unsaid, or said wrongly.
func (e Event) check() error {
	errs := []error{checkSaid(e.Name, "sentence", e.Says), checkMembers(e, e.Says.NL), checkMembers(e, e.Says.EN)}
	missing := func(is bool, what string) {
		if is {
			errs = append(errs, fmt.Errorf("%s has no %s", e.Name, what))
		}
	}
	if e.Will != (Says{}) {
		errs = append(errs, checkSaid(e.Name, "preview", e.Will))
	}
	missing(!e.Group.Known(), "group")
	missing(e.Icon == "", "icon")
	missing(e.Public != Yes && e.Public != WithoutDecider, "visibility")
	missing(!slices.Contains([]Action{Create, Read, Update, Delete, Execute}, e.NEN7513), "code of NEN 7513")
	errs = append(errs, e.checkNamed("takes", e.Takes))
	for _, member := range e.Repeats {
		errs = append(errs, e.checkNamed("repeats", member))
	}
	missing(e.Turns == Turn{} && !e.shows(), "turn: its members show nothing, so its name turns a fact, or it turns Nothing()")
	return errors.Join(errs...)
}

// checkNamed returns an error if a member that the line names is none of the event's.
func (e Event) checkNamed(what, member string) error {
	if member == "" || slices.Contains(Members(e.Type), member) {
		return nil
	}
	return fmt.Errorf("%s %s %s, which it does not have", e.Name, what, member)
}

// shows says whether a history shows any member of the event.
func (e Event) shows() bool {
	return slices.ContainsFunc(Members(e.Type), func(name string) bool { return !Ties(name) && !slices.Contains(e.Repeats, name) })
}

func checkSaid(who, what string, s Says) error {
	switch {
	case s.NL == "":
		return fmt.Errorf("%s has no %s in Dutch", who, what)
	case s.EN == "":
		return fmt.Errorf("%s has no %s in English", who, what)
	}
	return nil
}

var hole = regexp.MustCompile(`\{([^}]*)\}`)

// checkMembers returns an error if a sentence has a hole that no member fills.
func checkMembers(e Event, sentence string) error {
	members := Members(e.Type)
	if e.Takes != "" {
		members = append(members, "old_"+e.Takes)
	}
	for _, found := range hole.FindAllStringSubmatch(sentence, -1) {
		if !slices.Contains(members, found[1]) || Ties(found[1]) {
			return fmt.Errorf("%s: the sentence %q names %s, which the history does not have", e.Name, sentence, found[1])
		}
	}
	return nil
}
