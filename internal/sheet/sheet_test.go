package sheet_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sleutelbos/internal/sheet"
)

// hostile makes texts of what matters to spreadsheets.
var hostile = rapid.StringOfN(rapid.SampledFrom([]rune("=+-@＝＋－＠;,|\t\r\n'\" a1\u00a0\u200b\u2060\u2028\v")), 0, 12, -1)

func TestF14_NoCellIsAFormulaWhateverTheSeparator(t *testing.T) {
	for text, want := range map[string]string{
		"Jan;=1+1;x":       "Jan;'=1+1;x",
		"a,\"=1+1\"":       "a,'\"=1+1\"",
		"a\t@SUM(1)":       "a\t'@SUM(1)",
		"a|-1":             "a|'-1",
		"a\n=1+1":          "a\n'=1+1",
		"; \u00a0=1":       ";' \u00a0=1",
		"＝1+1":             "'＝1+1",
		"+31 6":            "'+31 6",
		"'=1":              "''=1",
		"'t Hart":          "'t Hart",
		"Jan-Willem; '90s": "Jan-Willem; '90s",
		"\t=1":             "'\t'=1",
		"a=1+1":            "a=1+1",
		"":                 "",
	} {
		if got := sheet.Harmless(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(hostile, 1, 4).Draw(t, "row")
		for _, writer := range []func(io.Writer) *sheet.Writer{sheet.ForPrograms, sheet.ForPeople} {
			var file bytes.Buffer
			w := writer(&file)
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			for _, comma := range ",;|\t" {
				for _, cell := range asSpreadsheetsDo(t, file.String(), comma) {
					if bare := strings.TrimLeft(cell, "\" \u00a0\u200b\u2060"); strings.IndexAny(bare, "=+-@＝＋－＠\t\r") == 0 {
						t.Fatalf("split at %q, %q has the formula %q", comma, file.String(), cell)
					}
				}
			}
		}
	})
}

// asSpreadsheetsDo returns the cells that a spreadsheet sees that splits at a character: with
// respect for quotes, and without.
func asSpreadsheetsDo(t *rapid.T, file string, comma rune) []string {
	file = strings.TrimPrefix(file, "\ufeff")
	table := csv.NewReader(strings.NewReader(file))
	table.Comma, table.LazyQuotes, table.FieldsPerRecord = comma, true, -1
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := strings.FieldsFunc(file, func(r rune) bool { return r == comma || strings.ContainsRune("\r\n\v\u2028", r) })
	for _, row := range rows {
		cells = append(cells, row...)
	}
	return cells
}

func TestF14_WhatWasTypedCanBeReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := hostile.Draw(t, "text")
		if back := sheet.Plain(sheet.Harmless(text)); back != text {
			t.Fatalf("%q came back as %q", text, back)
		}
	})
}

func TestF31_AFileForPeopleIsOpenedAtAClick(t *testing.T) {
	var file bytes.Buffer
	w := sheet.ForPeople(&file)
	for _, row := range [][]string{{"naam", "plaats"}, {"Zoë Çelik", "a;b"}} {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := file.String(), "\ufeffnaam;plaats\nZoë Çelik;\"a;b\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
