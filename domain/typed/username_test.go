package typed_test

import (
	"slices"
	"testing"

	"sleutelbos/domain/typed"
)

func TestF19_UsernamesHaveOneForm(t *testing.T) {
	for in, want := range map[string]string{
		"Jan.Jansen@Example.nl": "jan.jansen@example.nl", "jan": "jan", "JOSÉ": "josé", "jose\u0301": "josé", "straße": "strasse",
		"ｊａｎ": "jan", "Jan de Boer": "jan de boer", "paul_2": "paul_2", "иван": "иван", "ələkbər": "ələkbər", "łukasz": "łukasz", "søren": "søren", "fijn": "fijn", "\u212aaren": "karen",
	} {
		if got, ok := typed.Username(in); !ok || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, ok, want)
		}
	}
	for name, in := range map[string]string{
		"nothing": "", "zero width space": "ja\u200bn", "soft hyphen": "ja\u00adn", "byte order mark": "\ufeffjan", "word joiner": "ja\u2060n",
		"grapheme joiner": "ja\u034fn", "variation selector": "jan\ufe0f", "Hangul filler": "jan\u3164", "Mongolian separator": "ja\u180en", "tag": "jan\U000E0041",
		"left to right mark": "jan\u200e", "zero width joiner": "ja\u200dn", "no-break space": "jan\u00a0jansen", "two spaces": "jan  jansen",
		"space around": " jan", "Cyrillic er": "рaul", "Greek omicron": "p\u03bf", "ligature": "ﬁets", "emoji": "jan😀", "braille blank": "jan\u2800",
		"i without its dot": "jansen.dırk", "capital i with a dot": "DİRK", "i with another dot": "di\u0307rk", "j without its dot": "\u0237an",
		"small capitals": "ᴊᴀɴ", "small capital n": "jaɴ", "script a": "jɑn", "script g": "ɡerard", "turned e": "pɘter",
		"line feed": "jan\n", "superscript": "jan²", "half a character": "jan\xff",
	} {
		if got, ok := typed.Username(in); ok {
			t.Errorf("%s: %q is taken, as %q", name, in, got)
		}
	}
}

func TestF19_WhoHasAUsernameStillSignsIn(t *testing.T) {
	for in, want := range map[string][]string{
		" Jan@Example.nl ": {"jan@example.nl"}, "straße": {"strasse"}, "ja\u200bn": {"ja\u200bn"}, "jan😀": {"jan😀"}, "ｊａｎ": {"ｊａｎ", "jan"},
	} {
		if got := typed.KnownUsernames(in); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestF19_SomethingToSee(t *testing.T) {
	for _, in := range []string{"a", " a ", "é", "1", "-", "日", "😀", "a\u200b"} {
		if !typed.Visible(in) {
			t.Errorf("%q shows something", in)
		}
	}
	for _, in := range []string{"", " ", "\u200b", "\u00ad\ufeff", "\t\n", "\u00a0\u3000", "\u2800", "\u3164", "\u115f\u1160", "\u0301", "\ufe0f", "\U000E0041", "\u180e", "\u2060", "\xff"} {
		if typed.Visible(in) {
			t.Errorf("%q shows nothing", in)
		}
	}
}

func TestF28_LinesAndLine(t *testing.T) {
	for in, want := range map[string]string{"  e\u0301e\u0301n \u00a0": "één", "a\tb": "a\tb"} {
		if got := typed.Line(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"a\r\nb  \rc\u2028d\n\n": "a\nb\nc\nd", "\n \n": "", "a\n\nb": "a\n\nb"} {
		if got := typed.Lines(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
