package typed_test

import (
	"slices"
	"strings"
	"testing"

	"sleutelbos/domain/typed"
)

func TestF24_LettersAreFolded(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"  Zoë\tvan  DIJK\n":        "zoe van dijk",
		"Çelik-Ångström":            "celik-angstrom",
		"nul\x00and\xffinvalid":     "nul andinvalid",
		"ﬁets":                      "fiets", // a ligature
		"Yılmaz İnan":               "yilmaz inan",
		"Søren Ærø":                 "soren aero",
		"Łukasz Đorđe":              "lukasz dorde",
		"Straße STRASSE ẞ":          "strasse strasse ss",
		"Œuvre Þór Ðað":             "oeuvre thor dad",
		"ĳsbrand Ĳ":                 "ijsbrand ij",
		"O’Brien o'brien O´Brien":   "obrien obrien obrien",
		"’t Hart":                   "t hart",
		"Nguyễn Văn":                "nguyen van",
		"so\u00adft\u200b hy\ufeff": "soft hy",
		"Jean‑Pierre":               "jean-pierre",
		"ΣΊΣΥΦΟΣ":                   "σισυφοσ",
		"jan@voorbeeld.nl":          "jan@voorbeeld.nl",
	} {
		if got := typed.Fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if again := typed.Fold(typed.Fold(in)); again != typed.Fold(in) {
			t.Errorf("%q is folded further by folding it again: %q", in, again)
		}
	}
	if got := typed.Fold("Anna", "", "de Boer"); got != "anna de boer" {
		t.Error(got)
	}
}

// TestF24_LettersThatTakeTwo: a name is found as it is written without the letter, by one letter and by two.
func TestF24_LettersThatTakeTwo(t *testing.T) {
	for in, want := range map[string]string{
		"Novak Đoković": "novak dokovic djokovic", "Jürgen Müller": "jurgen muller juergen mueller", "Søren": "soren soeren", "A\u030angstro\u0308m": "angstrom aangstroem",
		"Zoë van Dijk": "zoe van dijk", "": "", "jan@voorbeeld.nl": "jan@voorbeeld.nl",
	} {
		if got := typed.Searched(in); got != want {
			t.Errorf("%q is found by %q, want %q", in, got, want)
		}
	}
	for _, search := range []string{"djokovic", "Đoković", "dokovic", "ĐOKOVIĆ"} {
		for _, word := range typed.Words(search) {
			if !strings.Contains(typed.Searched("Novak Đoković"), word) {
				t.Errorf("%q does not find it", search)
			}
		}
	}
}

func TestF24_WordsOfASearch(t *testing.T) {
	for in, want := range map[string][]string{
		"":                  nil,
		" \u200b ":          nil,
		"Jan  Berg":         {"berg", "jan"},
		"jan JAN jän":       {"jan"},
		"Berg, van der":     {"berg", "van", "der"},
		"0475/12.34.56":     {"0475123456"},
		"+32 (0)2 123 45":   {"32212345"},
		"0032 475 12 34 56": {"32475123456"},
		"2024-01":           {"2024-01"},
		"007":               {"007"},
		"bakker 12":         {"bakker", "12"},
	} {
		if got := typed.Words(in); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := typed.Words("a b c d e f g h i j k l m n o"); len(got) != typed.MaxWords {
		t.Errorf("%d words are looked for", len(got))
	}
}
