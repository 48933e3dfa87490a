package problem

import (
	"regexp"
	"strconv"
	"strings"

	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/words"
)

// text returns the sentence for a code. English prefers the sentence of the refusal; a
// code without a sentence of its own is said by its ending ("email-invalid").
func text(l words.Language, code, english string) string {
	s, ok := lookup(code)
	switch {
	case l == words.Dutch && ok:
		n := number.FindString(english)
		if strings.HasSuffix(code, "-too-long") && n != "" {
			s.NL = "Hoogstens {n} {teken|tekens}."
		}
		return words.Count(strings.ReplaceAll(s.NL, "{n}", n), n)
	case english != "" || !ok:
		return english
	case s.EN == "": // the domain would say it itself; here the edge refuses with its code
		s, _ = byEnding(code)
	}
	return s.EN
}

// atMost says how long a text may be; it returns nothing for 0.
func atMost(characters int) string {
	if characters == 0 {
		return ""
	}
	return "At most " + strconv.Itoa(characters) + " characters."
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
	{"-not-found", catalog.Says{EN: "There is no such thing.", NL: "Dit bestaat niet."}},
}

// sentences are said in the texts, as refused.username-taken.
var sentences = words.Refusals()
