// Package sheet writes tables that spreadsheets open. No cell of them is a formula, whatever
// a person typed and at whatever character a spreadsheet splits the lines, and what was typed
// can be read back. Nothing else writes CSV.
package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// splitters are the characters at which spreadsheets split cells and lines. Which ones do
	// depends on the settings of whoever opens the file, so that quotes don't protect a cell:
	// in "Jan;=1+1" one that splits at semicolons sees two cells, the second a formula.
	splitters = ",;|\t\r\n\v\f\u0085\u2028\u2029\x1c\x1d\x1e"
	// formulas are the characters with which a formula begins, or with which a part of a cell
	// begins that some spreadsheets drop.
	formulas = "=+-@\uff1d\uff0b\uff0d\uff20\t\r"
)

// skipped reports whether a spreadsheet may pass over a character before it looks for a
// formula: what can't be seen, and what may have come from quoting.
func skipped(r rune) bool {
	if strings.ContainsRune(splitters, r) {
		return false
	}
	return r == '\'' || r == '"' || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// Harmless puts an apostrophe before every part of a text that a spreadsheet could take for a
// formula: at its beginning and behind each splitter. Plain undoes it, so that no two texts
// become one.
func Harmless(text string) string {
	if !strings.ContainsAny(text, formulas) {
		return text
	}
	var safe strings.Builder
	begins := true
	for i, r := range text {
		if begins && isFormula(text[i:]) {
			safe.WriteByte('\'')
		}
		safe.WriteRune(r)
		begins = strings.ContainsRune(splitters, r)
	}
	return safe.String()
}

// Plain returns the text of which Harmless made a cell.
func Plain(cell string) string {
	var text strings.Builder
	begins := true
	for i, r := range cell {
		if !begins || r != '\'' || !isFormula(cell[i+1:]) {
			text.WriteRune(r)
		}
		begins = strings.ContainsRune(splitters, r)
	}
	return text.String()
}

// isFormula reports whether a spreadsheet could take what begins here for a formula.
func isFormula(part string) bool {
	first, size := utf8.DecodeRuneInString(strings.TrimLeftFunc(part, skipped))
	return size > 0 && strings.ContainsRune(formulas, first)
}
