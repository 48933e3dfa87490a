package letterpdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"sleutelbos/commands/letterpdf"
	"sleutelbos/commands/letters"
	"sleutelbos/domain/letter"
)

var content = letters.Content{
	LetterID: "00000000-0000-7000-8000-000000000001", Subject: "Activatiegegevens van ons klantenportaal",
	Recipient: "Zoë Müller-van ’t Hof", Organization: "De Linde", Username: "zoe@example.nl", Code: "K7M4P-QX9TR",
	Language: "nl", LastDay: "2026-04-14", CreatedAt: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC),
}

func TestLetterSaysWhatItShould(t *testing.T) {
	for language, words := range map[string][]string{
		"nl": {"Beste Zoë Müller-van ’t Hof,", "14 maart 2026", "14 april 2026", "Uw activatiecode"},
		"en": {"Dear Zoë Müller-van ’t Hof,", "14 March 2026", "14 April 2026", "Your activation code"},
	} {
		l := content
		l.Language = language
		pdf, err := letterpdf.Render(l)
		if err != nil {
			t.Fatal(err)
		}
		text := textOf(t, pdf)
		for _, want := range append(words, "K7M4P-QX9TR", "De Linde", "zoe@example.nl", "Activatiegegevens van ons klantenportaal") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in:\n%s", language, want, text)
			}
		}
	}
}

func TestF26_NamesAreInTheLetter(t *testing.T) {
	for name, want := range map[string]string{
		"Jan 😀": "Beste Jan,",
		"👩🏽‍⚕️ Zoë 1️⃣ 🇳🇱": "Beste Zoë 1,",
		"Nguyễn Thị Ánh":   "Beste Nguyễn Thị Ánh,",
		"Nguyễn":           "Beste Nguyễn,",
		"Łukasz Øster ǅ":   "Beste Łukasz Øster ǅ,",
		"Вера Ωμέγα":       "Beste Вера Ωμέγα,",
	} {
		for _, organization := range []string{"De Linde", "Zorg 😀", "Nguyễn & Zonen"} {
			l := content
			l.Recipient, l.Organization = name, organization
			pdf, err := letterpdf.Render(l)
			if err != nil {
				t.Errorf("%q of %q: %v", name, organization, err)
				continue
			}
			if text := textOf(t, pdf); !strings.Contains(text, want) {
				t.Errorf("%q is not in:\n%s", want, text)
			}
		}
	}
}

func TestF26_WhatCanNotBePrintedIsSaidBefore(t *testing.T) {
	for _, name := range []string{"王小明", "محمد", "नमस्ते", "😀", "𝔍𝔞𝔫"} {
		if fitted, err := letterpdf.Fit(name); !errors.Is(err, letter.ErrUnprintable) {
			t.Errorf("%q is printed as %q: %v", name, fitted, err)
		}
		l := content
		l.Recipient = name
		if _, err := letterpdf.Render(l); !errors.Is(err, letter.ErrUnprintable) {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

func TestNoLetterWithoutItsCode(t *testing.T) {
	l := content
	l.Code = ""
	if _, err := letterpdf.Render(l); !errors.Is(err, letterpdf.ErrNoCode) {
		t.Fatalf("got %v", err)
	}
}

var (
	streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	shown   = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) ?Tj`)
	escaped = regexp.MustCompile(`(?s)\\(.)`)
)

// textOf reads the text back out of the PDF: UTF-16 strings in compressed streams.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	var all strings.Builder
	for _, s := range streams.FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(s[1]))
		if err != nil {
			continue // not compressed: not a page
		}
		page, _ := io.ReadAll(r) // a font's stream may end early for this reader
		for _, m := range shown.FindAllSubmatch(page, -1) {
			raw := escaped.ReplaceAllFunc(m[1], func(b []byte) []byte {
				if b[1] == 'r' {
					return []byte{'\r'}
				}
				return b[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			all.WriteString(string(utf16.Decode(units)) + "\n")
		}
	}
	return all.String()
}
