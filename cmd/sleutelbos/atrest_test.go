package main

import (
	"bytes"
	"encoding/base64"
	bytewise "encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

// TestF51_NothingPersonalIsReadableAtRest uses every way that a personal value takes, and then reads
// every byte of every file, beside the running program and after its end.
func TestF51_NothingPersonalIsReadableAtRest(t *testing.T) {
	t.Parallel()
	for engine, database := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			r := start(t, app.Places{Data: data, Database: database(t)})
			secrets := useEverything(r, data)
			values := useMore(r)
			for name, value := range personal {
				values[name] = value
			}
			for name, value := range secrets {
				values[name] = value
			}
			r.settle()
			_, err := r.Sealer.Seal(t.Context())
			must(t, err)
			atRest(t, data, values)
			r.stop()
			atRest(t, data, values)
		})
	}
}

// useMore adds to useEverything what goes other ways into the files, and returns its values.
func useMore(r *running) map[string]string {
	t := r.t
	values := map[string]string{
		"a description": "Grutto met een Zwartkopmeeuw", "a telephone": "+31 10 7654321", "a mail": "kluut@scholekster.example.nl",
		"a license's reason": "wegens de Notenkraker", "a rejection's reason": "liever een Bijeneter", "a search": "Ortolaankoning", "a user's filter": "Zeearendfilter",
	}
	r.run("ChangeDetails", body{"accountId": id(2, 1), "description": values["a description"], "phone": values["a telephone"], "email": values["a mail"]})
	r.run("ChangeDetails", body{"accountId": id(2, 1), "phone": "+31 10 1234567", "description": "niets"}) // what was replaced is in no file either
	r.run("RegisterLicense", body{"licenseId": id(3, 0), "organizationId": id(1, 1), "name": "Lezen", "shownInSelection": true})
	for n, decide := range []body{{"name": "RejectLicense", "reason": values["a rejection's reason"]}, {"name": "WithdrawLicenseRequest"}} {
		request := id(4, n)
		r.run("RequestLicense", body{"requestId": request, "accountId": id(2, 0), "licenseId": id(3, 0), "reason": values["a license's reason"]})
		in := body{"requestId": request}
		if reason, ok := decide["reason"]; ok {
			in["reason"] = reason
		}
		r.run(decide["name"].(string), in)
	}
	r.run("ChangeUsername", body{"accountId": id(2, 0), "username": "roodborstje2@example.nl"})
	for _, path := range []string{
		"/accounts?q=" + url.QueryEscape(values["a search"]), "/accounts?q=" + url.QueryEscape("kwikstaartje"),
		"/accounts?filter=" + url.QueryEscape(values["a user's filter"]), "/audit?format=csv", "/messages?format=csv", "/accounts?format=csv",
		"/accounts/" + id(2, 0) + "/history", "/accounts/" + id(2, 0) + "/compare?from=0&to=2", "/events?follow=false",
	} {
		_, _ = r.api.ask(t.Context(), http.MethodGet, "/api/v1"+path, nil) // a refusal is an answer, too
	}
	return values
}

// atRest asks that every file is one that the program is known to write, and that none has a value
// that it does not say it has.
func atRest(t testing.TB, data string, values map[string]string) {
	t.Helper()
	forms := map[string]map[string][]byte{}
	for name, value := range values {
		forms[name] = formsOf(value)
	}
	must(t, filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(data, path)
		must(t, err)
		file, known := apptest.FileAt(filepath.ToSlash(name))
		if !known {
			t.Errorf("%s is in no list of what the program writes", name)
		}
		if file.Personal == apptest.ItsMail {
			return nil
		}
		content, err := os.ReadFile(path)
		must(t, err)
		lower := bytes.ToLower(content)
		for what := range values {
			for form, text := range forms[what] {
				if bytes.Contains(lower, text) {
					t.Errorf("%s has %s, %s", name, what, form)
				}
			}
		}
		if strings.HasPrefix(name, "readmodels.db") {
			inPieces(t, name, content, values)
		}
		return nil
	}))
}

// formsOf returns the bytes, in small letters, as which a value or a word of it could stand in a file.
func formsOf(value string) map[string][]byte {
	forms := map[string][]byte{}
	words := append([]string{value}, strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" @.+/-", r) })...)
	for _, word := range words {
		if len(word) < 8 {
			continue
		}
		text, _ := json.Marshal(word) // a text is never refused
		encoded := map[string][]byte{
			"as it is": []byte(word), "as JSON": bytes.Trim(text, `"`), "as hex": []byte(hex.EncodeToString([]byte(word))), "in a URL": []byte(url.QueryEscape(word)),
			"as UTF-16, little end first": utf16Of(word, bytewise.LittleEndian), "as UTF-16, big end first": utf16Of(word, bytewise.BigEndian),
		}
		for shift := range 3 {
			// The characters that hold a bit of what stands before or behind are cut off.
			whole := base64.StdEncoding.EncodeToString(append(make([]byte, shift), word...))
			at, end := (shift*8+5)/6, (shift+len(word))*8/6
			encoded["as base64, "+string(rune('0'+shift))] = []byte(whole[at:end])
			encoded["as base64 of a URL, "+string(rune('0'+shift))] = []byte(strings.NewReplacer("+", "-", "/", "_").Replace(whole[at:end]))
		}
		for form, b := range encoded {
			forms[form+" ("+word+")"] = bytes.ToLower(b)
		}
	}
	return forms
}

func utf16Of(s string, order bytewise.AppendByteOrder) (b []byte) {
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// inPieces finds a word in an index of trigrams: more of them stand in the file than chance puts there.
func inPieces(t testing.TB, name string, content []byte, values map[string]string) {
	t.Helper()
	for what, value := range values {
		word := strings.ToLower(value)
		all, there := 0, 0
		for i := 0; i+3 <= len(word); i++ {
			if all++; bytes.Contains(content, []byte(word[i:i+3])) {
				there++
			}
		}
		if chance := float64(len(content)) / (1 << 24); all >= 8 && float64(there) > float64(all)*(chance+0.5) {
			t.Errorf("%s has %d of %d trigrams of %s", name, there, all, what)
		}
	}
}
