package typed

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name is the name of a person in its parts. The prefix stands before the surname and is no part of it
// to Dutch readers ("van der" in Jan van der Berg). A zero Name is one of which only the whole is known.
type Name struct {
	GivenName, SurnamePrefix, Surname string
}

// String returns the name as it is written in a sentence.
func (n Name) String() string { return joined(" ", n.GivenName, n.SurnamePrefix, n.Surname) }

// NameOrder says under which letter a list has a surname with a prefix.
type NameOrder string

// The orders.
const (
	PrefixLast  NameOrder = "prefix_last"  // as in the Netherlands: Berg, Jan van der
	PrefixFirst NameOrder = "prefix_first" // as in Belgium: Van der Berg, Jan
)

// Values are the orders.
func (NameOrder) Values() []string { return []string{string(PrefixLast), string(PrefixFirst)} }

// NameOrderIn returns the order of a country by its code (ISO 3166). Where nothing is known of a
// country it is that of the Netherlands.
func NameOrderIn(country string) NameOrder {
	if country == "BE" {
		return PrefixFirst
	}
	return PrefixLast
}

// Listed returns the name as lists show it: what it is sorted by stands in front.
func (n Name) Listed(order NameOrder) string {
	if order == PrefixFirst {
		return joined(", ", capital(joined(" ", n.SurnamePrefix, n.Surname)), n.GivenName)
	}
	return joined(", ", n.Surname, joined(" ", n.GivenName, n.SurnamePrefix))
}

// GuessName returns the parts that a whole name probably has. It is a proposal for whoever knows
// better; a name of one word is a surname.
func GuessName(whole string) Name {
	if surname, rest, listed := strings.Cut(whole, ","); listed {
		whole = rest + " " + surname
	}
	words := strings.Fields(whole)
	last := len(words) - 1
	first := slices.IndexFunc(words, func(word string) bool { return slices.Contains(prefixes, strings.ToLower(word)) })
	if first < 0 || first > last-1 {
		first = min(1, max(last, 0))
	}
	surname := first
	for surname < last && slices.Contains(prefixes, strings.ToLower(words[surname])) {
		surname++
	}
	part := func(words []string) string { return strings.Join(words, " ") }
	return Name{GivenName: part(words[:first]), SurnamePrefix: part(words[first:surname]), Surname: part(words[surname:])}
}

// prefixes are the words before a surname in the Low Countries and in the languages whose names are
// common there.
var prefixes = strings.Fields("aan af al 't 's bij ben bin d' da dal de del della den der des di dos du el in la le les het op over onder" +
	" ten ter te tot uit uijt v.d. v/d vd van vande vanden vander vom von voor zu zum zur ’t ’s")

func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), between)
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
