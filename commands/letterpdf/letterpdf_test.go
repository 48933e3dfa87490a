package letterpdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"regexp"
	"strconv"
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

func TestF26_ALetterSaysWhereItGoesAndWhereItComesBack(t *testing.T) {
	l := content
	l.Address = letters.Address{Street: "Dendermondestraat 55 bus 12", Postcode: "2018", City: "Antwerpen", PostalCountry: "BE"}
	l.Sender = letters.Sender{
		Name: "De Linde Nguyễn", Department: "Klantenservice", Phone: "030 271 00 00", Email: "post@delinde.example",
		Address: letters.Address{Street: "Lindelaan 4", Postcode: "3511 AB", City: "Utrecht", PostalCountry: "NL"},
	}
	pdf, err := letterpdf.Render(l, l)
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(t, pdf)
	for _, want := range []string{
		"Zoë Müller-van ’t Hof\nDendermondestraat 55 bus 12\n2018 ANTWERPEN\nBELGIË\n", "De Linde Nguyễn · Lindelaan 4 · 3511 AB  UTRECHT\n",
		"De Linde Nguyễn\nKlantenservice\nLindelaan 4\n3511 AB  UTRECHT\n", "030 271 00 00 of post@delinde.example",
	} {
		if got := strings.Count(text, want); got != 2 {
			t.Errorf("%q is there %d times, in two letters:\n%s", want, got, text)
		}
	}
	l.Address = letters.Address{} // to be handed over
	if pdf, err = letterpdf.Render(l); err != nil || strings.Contains(textOf(t, pdf), "ANTWERPEN") {
		t.Errorf("without an address: %v", err)
	}
}

// TestF26_WhatAnAddressCanNotPrintIsSaidBefore has a text that no font has in each place of an address.
func TestF26_WhatAnAddressCanNotPrintIsSaidBefore(t *testing.T) {
	for _, strange := range []string{"王小明", "شارع", "רחוב"} {
		for name, set := range map[string]func(*letters.Content){
			"street": func(l *letters.Content) { l.Address.Street = strange }, "town": func(l *letters.Content) { l.Address.City = strange },
			"postcode": func(l *letters.Content) { l.Address.Postcode = strange }, "sender": func(l *letters.Content) { l.Sender.Name = strange },
			"department": func(l *letters.Content) { l.Sender.Department = strange }, "its street": func(l *letters.Content) { l.Sender.Address.Street = strange },
		} {
			l := content
			l.Address = letters.Address{Street: "Dorpsstraat 1", Postcode: "8161 AB", City: "Epe", PostalCountry: "NL"}
			set(&l)
			if err := letterpdf.Fits(l); !errors.Is(err, letter.ErrUnprintable) {
				t.Errorf("%s %q: got %v", name, strange, err)
			}
		}
	}
	l := content
	l.Address = letters.Address{Street: "Phố Nguyễn 🏠 1", Postcode: "10000", City: "Hà Nội", PostalCountry: "VN"}
	pdf, err := letterpdf.Render(l)
	if err != nil {
		t.Fatal(err)
	}
	if text := textOf(t, pdf); !strings.Contains(text, "Phố Nguyễn 1\n10000 HÀ NỘI\nVIETNAM\n") {
		t.Errorf("the address is not in:\n%s", text)
	}
}

// TestF26_ALongAddressStaysBehindTheWindow has texts of the greatest length everywhere.
func TestF26_ALongAddressStaysBehindTheWindow(t *testing.T) {
	l := content
	l.Recipient = strings.Repeat("Wilhelmina ", 18)
	l.Address = letters.Address{Street: strings.Repeat("Straatweg ", 10), Postcode: "8161 AB", City: strings.Repeat("Dorp ", 16), PostalCountry: "NL"}
	l.Sender.Address.PostalCountry = "BE"
	pdf, err := letterpdf.Render(l)
	if err != nil {
		t.Fatal(err)
	}
	if sheets := bytes.Count(pdf, []byte("/Type /Page\n")); sheets != 1 {
		t.Errorf("the letter has %d sheets", sheets)
	}
	lowest := regexp.MustCompile(`BT ([0-9.]+) ([0-9.]+) Td`)
	windowEnds := (297.0 - 80) / 25.4 * 72
	seen := 0
	for _, m := range lowest.FindAllStringSubmatch(pagesOf(pdf), -1) {
		x, _ := strconv.ParseFloat(m[1], 64)
		y, _ := strconv.ParseFloat(m[2], 64)
		if x < 300 || x > 320 {
			continue
		}
		seen++
		if y < windowEnds {
			t.Errorf("a line of the address stands at %v, below the window, which ends at %v", y, windowEnds)
		}
	}
	if seen < 6 {
		t.Errorf("the window shows %d lines", seen)
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

// pagesOf returns what draws the pages.
func pagesOf(pdf []byte) string {
	var all strings.Builder
	for _, s := range streams.FindAllSubmatch(pdf, -1) {
		if r, err := zlib.NewReader(bytes.NewReader(s[1])); err == nil {
			page, _ := io.ReadAll(r) // a font's stream may end early for this reader
			all.Write(page)
		}
	}
	return all.String()
}

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
