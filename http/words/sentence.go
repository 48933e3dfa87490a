package words

import (
	"strings"

	"sleutelbos/eventstore/catalog"
)

// Happening is an event as a sentence needs it.
type Happening struct {
	Type    string // the stored name
	Actor   Actor
	Reason  string            // why, empty if nobody said
	Members map[string]string // of the event, by their stored names, as text; "old_" and a name is what it replaced
}

// Actor is who did it. Without a name the sentence says what kind of actor it was.
type Actor struct {
	Kind string // "account", "system" or "stranger"
	Name string
	Self bool // the account that the event concerns did it itself
}

// Sentence returns what happened in plain language. For a name that the catalog does not
// have it returns the name, since a history leaves nothing out.
func Sentence(l Language, h Happening) string {
	event, ok := catalog.Find(h.Type)
	if !ok {
		return h.Type
	}
	said := actor(l, h.Actor) + " " + fill(l, Said(l, event.Says), h)
	if h.Reason != "" && !event.Bookkeeping() {
		said += ": " + h.Reason
	}
	return said
}

// Said returns the words of the catalog in a language.
func Said(l Language, s catalog.Says) string {
	if l == Dutch {
		return s.NL
	}
	return s.EN
}

func actor(l Language, a Actor) string {
	if a.Name != "" {
		return a.Name
	}
	kind := a.Kind
	if a.Self {
		kind = "self"
	}
	if said, ok := actors[l][kind]; ok {
		return said
	}
	return actors[l]["account"]
}

// fill puts members in the place of {name}. A member without a value leaves out the part
// in square brackets around it.
func fill(l Language, template string, h Happening) string {
	var b strings.Builder
	for template != "" {
		before, rest, found := strings.Cut(template, "[")
		b.WriteString(fillAll(l, before, h))
		if !found {
			break
		}
		part, after, _ := strings.Cut(rest, "]")
		if _, name, ok := strings.Cut(part, "{"); ok {
			name, _, _ = strings.Cut(name, "}")
			if h.Members[name] != "" {
				b.WriteString(fillAll(l, part, h))
			}
		}
		template = after
	}
	return b.String()
}

func fillAll(l Language, part string, h Happening) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(part, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(sayMember(l, h.Type, name, h.Members[name]))
		part = after
	}
}

func sayMember(l Language, storedName, member, value string) string {
	switch {
	case value == "":
		return "…" // e.g. in a menu of what can happen
	case member == "command":
		return Deed(l, value)
	case member == "count" && l == Dutch:
		return value + " keer"
	case member == "count" && value == "1":
		return "once"
	case member == "count":
		return value + " times"
	}
	return Day(l, MemberValue(l, storedName, member, value))
}

var actors = map[Language]map[string]string{
	Dutch: {
		"account": "Een gebruikersbeheerder", "self": "De accounthouder", "system": "Het systeem", "stranger": "Iemand die niet was aangemeld",
	},
	English: {
		"account": "An administrator", "self": "The account holder", "system": "The system", "stranger": "Somebody who had not signed in",
	},
}
