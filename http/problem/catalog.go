package problem

import (
	"regexp"
	"strconv"
	"strings"

	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/words"
)

// text returns the sentence for a code. English prefers the sentence of the refusal; a
// code without a sentence of its own is said by its ending ("email-invalid"), and so is one
// that counts where nobody says how many: a history has the code alone.
func text(l words.Language, code, english string) string {
	if l == words.English && english != "" {
		return english
	}
	s, _ := lookup(code)
	n := number.FindString(english)
	said := words.Said(l, s)
	switch {
	case n == "" && strings.Contains(said, "{n}"):
		s, _ = byEnding(code)
		return words.Said(l, s)
	case n != "" && l == words.Dutch && strings.HasSuffix(code, "-too-long"):
		said = "Hoogstens {n} {teken|tekens}."
	}
	return words.Count(strings.ReplaceAll(said, "{n}", n), n)
}

// atMost says how long a text may be; it returns nothing for 0.
func atMost(characters int) string {
	if characters == 0 {
		return ""
	}
	return words.Count("At most "+strconv.Itoa(characters)+" {character|characters}.", strconv.Itoa(characters))
}

// number is what a refusal counts ("At least 12 characters."); no sentence counts two things.
var number = regexp.MustCompile(`[0-9]+`)

// Text returns the sentence for a code in a language; empty for an unknown code.
func Text(l words.Language, code string) string { return text(l, code, "") }

func lookup(code string) (catalog.Says, bool) {
	if s, ok := sentences[code]; ok {
		return s, true
	}
	return byEnding(code)
}

func byEnding(code string) (catalog.Says, bool) {
	for _, e := range endings {
		if strings.HasSuffix(code, e.ending) {
			return e.sentence, true
		}
	}
	return catalog.Says{}, false
}

var endings = []struct {
	ending   string
	sentence catalog.Says
}{
	{"-required", catalog.Says{EN: "This is required.", NL: "Dit is verplicht."}},
	{"-too-short", catalog.Says{EN: "This is too short.", NL: "Dit is te kort."}},
	{"-too-long", catalog.Says{EN: "This is too long.", NL: "Dit is te lang."}},
	{"-invalid", catalog.Says{EN: "This is not acceptable.", NL: "Dit is niet geldig."}},
	{"-too-many", catalog.Says{EN: "These are too many.", NL: "Dit zijn er te veel."}},
	{"-needs-upper", catalog.Says{EN: "There are too few capitals.", NL: "Er zijn te weinig hoofdletters."}},
	{"-needs-digit", catalog.Says{EN: "There are too few digits.", NL: "Er zijn te weinig cijfers."}},
	{"-not-found", catalog.Says{EN: "There is no such thing.", NL: "Dit bestaat niet."}},
}

// sentences are said in the texts, as refused.username-taken.
var sentences = words.Refusals()
