package words

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sleutelbos/domain"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore/catalog"
)

// said are the words of the values of a set.
type said map[string]catalog.Says

// enumeration is a set with its words.
type enumeration struct {
	set    Set
	goType reflect.Type // of the domain; nil for a set that no event has
	values []string
	said   said
}

// of returns the set of an enumeration of the domain.
func of[E domain.Enumeration](set Set) enumeration {
	var any E
	return enumeration{set: set, goType: reflect.TypeFor[E](), values: any.Values()}
}

// plain returns a set that is not one of the domain.
func plain(set Set, values ...string) enumeration { return enumeration{set: set, values: values} }

// inTexts returns the words that stand among the texts, by their sets.
func inTexts() map[Set]said {
	bySet, texts := map[Set]said{}, table(values)
	for key, dutch := range texts[Dutch] {
		set, value, _ := strings.Cut(key, ".")
		if bySet[Set(set)] == nil {
			bySet[Set(set)] = said{}
		}
		bySet[Set(set)][value] = catalog.Says{NL: dutch, EN: texts[English][key]}
	}
	bySet[Policies] = said{} // named as the fields that they are
	for _, name := range organization.PolicyName("").Values() {
		bySet[Policies][name] = catalog.Says{NL: fields[Dutch][name], EN: fields[English][name]}
	}
	return bySet
}

// checked returns the sets by name, with their words. It panics on a value without words, and on
// words that belong to no value or no set: faults of the program, found at start.
func checked(words map[Set]said, all ...enumeration) map[Set]enumeration {
	bySet := map[Set]enumeration{}
	for _, e := range all {
		e.said = words[e.set]
		for _, value := range e.values {
			if s := e.said[value]; s.NL == "" || s.EN == "" {
				panic(fmt.Sprintf("words: the %s %s is not said in every language", e.set, value))
			}
		}
		for value := range e.said {
			if !slices.Contains(e.values, value) {
				panic(fmt.Sprintf("words: %s is said and is no %s", value, e.set))
			}
		}
		bySet[e.set] = e
	}
	for set := range words {
		if _, ok := bySet[set]; !ok {
			panic(fmt.Sprintf("words: the values of %s are said, and it is no set", set))
		}
	}
	return bySet
}

// Known reports whether there is a set of this name.
func (s Set) Known() bool { _, ok := enumerations[s]; return ok }

// Values returns the values of the set.
func (s Set) Values() []string { return slices.Clone(enumerations[s].values) }

// SetOf returns the set that has just these values; false if none has.
func SetOf(values []string) (Set, bool) {
	for set, e := range enumerations {
		if len(values) > 0 && slices.Equal(e.values, values) {
			return set, true
		}
	}
	return "", false
}

// Has reports whether a value is one of the set.
func (s Set) Has(value string) bool { _, ok := enumerations[s].said[value]; return ok }

// Value returns a value of a set in plain language. What is not of the set is returned as it is.
func Value(l Language, set Set, value any) string {
	text := fmt.Sprint(value)
	if s, ok := enumerations[set].said[text]; ok {
		return Said(l, s)
	}
	return text
}

// byType are the sets of the types that events have.
var byType = func() map[reflect.Type]Set {
	sets := map[reflect.Type]Set{reflect.TypeFor[bool](): YesNo}
	for _, e := range enumerations {
		if e.goType != nil {
			sets[e.goType] = e.set
		}
	}
	return sets
}()

// ValueOf returns a value in plain language, by its type: a bool, or an enumeration of the domain.
// It returns an error for another type.
func ValueOf(l Language, value any) (string, error) {
	set, ok := byType[reflect.TypeOf(value)]
	if !ok {
		return "", fmt.Errorf("words: %T is no set of values", value)
	}
	return Value(l, set, value), nil
}

// MemberValue returns the value of a member of an event in plain language: what it is follows from
// the type of the member. A name is taken as stored or as the API has it.
func MemberValue(l Language, storedName, member, value string) string {
	event, ok := catalog.Find(storedName)
	if !ok {
		return value
	}
	if event.Turns.Fact != "" && Camel(event.Turns.Fact) == Camel(member) {
		return Value(l, YesNo, value)
	}
	t := memberType(event.Type, member)
	if p, ok := organization.PolicyNamed(organization.PolicyName(member)); ok && t == nil {
		return PolicyValue(l, p, value)
	}
	if t == reflect.TypeFor[message.Template]() {
		return Subject(l, value)
	}
	return Value(l, byType[t], value)
}

// PolicyValue returns the value of a policy in plain language.
func PolicyValue(l Language, p organization.Policy, value string) string {
	switch p.Kind {
	case organization.KindFlag:
		return Value(l, YesNo, value)
	case organization.KindChoice, organization.KindChoices:
		parts := strings.Split(value, ",")
		for i, part := range parts {
			parts[i] = Value(l, SetOfPolicy(p), part)
		}
		return strings.Join(parts, ", ")
	case organization.KindDay:
		return Day(l, value)
	}
	return value
}

// SetOfPolicy returns the set of the values of a choice: one that events have too, or else one of the
// policy's own.
func SetOfPolicy(p organization.Policy) Set {
	switch p.Name {
	case organization.PolicyUsernameRule:
		return UsernameRules
	case organization.PolicyFirstChannels:
		return Channels
	default:
		return Set("policy-" + string(p.Name))
	}
}

// policies returns the sets that only a policy has, and that of the policies themselves.
func policies() []enumeration {
	all := []enumeration{of[organization.PolicyName](Policies)}
	for _, p := range organization.Table() {
		if set := SetOfPolicy(p); p.Values != nil && set != UsernameRules && set != Channels {
			all = append(all, enumeration{set: set, goType: p.Type, values: p.Values})
		}
	}
	return all
}

func memberType(t reflect.Type, member string) reflect.Type {
	first, rest, inner := strings.Cut(member, ".")
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case Camel(strings.TrimPrefix(name, "old_")) != Camel(first):
		case inner && field.Type.Kind() == reflect.Struct:
			return memberType(field.Type, rest)
		default:
			return field.Type
		}
	}
	return nil
}

// Camel returns a stored name as the API has it.
func Camel(snake string) string {
	first, rest, found := strings.Cut(snake, "_")
	if !found || rest == "" {
		return snake
	}
	return first + strings.ToUpper(rest[:1]) + Camel(rest[1:])
}

// factSets are the sets of the facts of an account and of other things, but for those that are true
// or false.
var factSets = map[string]Set{
	"role": Roles, "activation": Activations, "activationChannel": Channels, "badge": Badges,
	"usernameRule": UsernameRules, "firstChannels": Channels, "invalidBecause": LetterEnds,
}

// FactValue returns the value of a fact in plain language, by the fact's name. What
// is not of a set is returned as it is.
func FactValue(l Language, fact string, value any) string {
	text := fmt.Sprint(value)
	switch fact {
	case "template":
		return Subject(l, text)
	case "country", "postalCountry", "letterSenderPostalCountry":
		return Country(l, text)
	case "preset":
		if key := Member("preset.*", text); Known(key) {
			return Text(l, key)
		}
	}
	return Value(l, factSets[fact], text)
}
