// Package typed knows what people type: which forms of a text are the same, whether there is
// anything to see, by what it is found and where it sorts. Whatever takes a text from a person (API,
// page, import, command line) leaves that to this package, so that no way in knows better than
// another. Its functions are pure. They refuse nothing by themselves; the rules of the domain do.
package typed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line returns a text of one line in its canonical form: composed (NFC), without space around
// it, and without half a character. It is shown as it was typed otherwise.
func Line(text string) string { return strings.TrimFunc(norm.NFC.String(text), unicode.IsSpace) }

// Lines returns a text of several lines in its canonical form. Each line ends with one line feed,
// whatever the browser sent; space at the end of a line is nothing that anybody meant.
func Lines(text string) string {
	text = breaks.Replace(norm.NFC.String(text))
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.TrimFunc(strings.Join(lines, "\n"), unicode.IsSpace)
}

// breaks are the ways in which the end of a line is written.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// Visible says whether a text shows anything: a character that leaves ink, and not only space,
// control characters and those that a screen leaves out.
func Visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !Unseen(r) && !unicode.In(r, unicode.Z, unicode.M) && r != '\u2800' // the empty Braille pattern
	})
}

// Unseen says whether a screen shows nothing for a character, so that two texts can look the same
// with and without it: control and format characters, and all that Unicode calls ignorable by default.
func Unseen(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.C, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
