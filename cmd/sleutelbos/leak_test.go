package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sleutelbos/commands/engine"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/letters"
)

// Values that nobody else would write.
const (
	givenPassword  = "Kanariegeel-Wachtwoord-1"
	chosenPassword = "Kanariegeel-Gekozen-2"
	wrongPassword  = "Kanariegeel-Verkeerd-3"
	wrongToken     = "kanariegeeltokenkanariegeeltokenkanarie4"
	wrongCode      = "KANARIEGEEL5"
	wrongKey       = "slb_kanariegeelsleutelkanariegeelsleutel6"
)

// personal are the person's own words; none may be readable without a key.
var personal = map[string]string{
	"name": "Kwikstaartje van Putten", "username": "roodborstje@example.nl", "email": "winterkoning@example.nl", "phone": "+31 6 98765432",
	"description": "zit vaak op een boomkruiper", "reason": "vanwege een goudhaantje", "new name": "Pimpelmees van Putten",
	"user agent": "Appelvinkbrowser/1.0", "stranger": "putter@example.nl",
}

// No secret can be read anywhere but by who holds the master key, and nothing personal in
// the log, what it prints, or what it counts.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	secrets := useEverything(r, data)
	r.settle()
	said := map[string]string{"the log output": r.log.String()}
	for _, path := range []string{"/metrics", "/readyz"} {
		_, said[path] = r.manage(path)
	}
	for _, path := range []string{"/events?follow=false", "/audit?format=csv", "/messages?format=csv", "/letters?format=csv", "/accounts?format=csv", "/projections"} {
		text, err := r.api.ask(t.Context(), http.MethodGet, "/api/v1"+path, nil)
		must(t, err)
		search(t, path, text, secrets)
	}
	searchFolder(t, data, secrets) // the write-ahead logs are there yet
	r.stop()
	searchFolder(t, data, secrets)
	said["the log output"] += r.log.String()
	for where, text := range said {
		search(t, where, []byte(text), secrets)
		search(t, where, []byte(text), personal)
	}
	if len(said["the log output"]) < 1000 {
		t.Errorf("it logged next to nothing: %q", said["the log output"])
	}
}

// useEverything goes every way that a secret or a personal value takes, right and wrong,
// and returns the secrets.
func useEverything(r *running, data string) map[string]string {
	t := r.t
	agent := []string{"User-Agent", personal["user agent"]}
	organization := r.organization(1)
	r.run("AllowDomain", body{"organizationId": organization, "domain": "example.nl"})
	create := func(n int, change body) outcome {
		t.Helper()
		in := newAccount(organization, 2, n)
		for name, value := range change {
			in[name] = value
		}
		return r.run("CreateAccount", in, agent...)
	}
	create(0, body{"username": personal["username"], "name": personal["name"], "email": personal["email"], "phone": personal["phone"],
		"description": personal["description"], "channel": "mail_link_and_letter_code"})
	create(1, body{"channel": "admin_password", "password": givenPassword, "keepPassword": true})
	generated := create(2, body{"channel": "admin_password", "generatePassword": true})
	create(3, body{"role": "service", "username": "koppeling", "channel": "admin_password", "generatePassword": true})
	r.run("BlockAccount", body{"accountId": id(2, 0), "reason": personal["reason"]}, agent...)
	r.run("UnblockAccount", body{"accountId": id(2, 0), "reason": personal["reason"]}, agent...)
	key := r.run("IssueApiKey", body{"accountId": id(2, 3), "name": "koppeling"})
	r.run("SendActivation", body{"accountId": id(2, 0)})
	r.settle()

	secrets := map[string]string{
		"the first API key": bootKey, "the API key": key.Result["key"].(string), "the generated password": generated.Result["password"].(string),
		"the given password": givenPassword, "the chosen password": chosenPassword, "a wrong password": wrongPassword,
		"a wrong token": wrongToken, "a wrong code": wrongCode, "a wrong key": wrongKey,
		"the token": tokenOf(t, data), "the code": codeOf(r),
	}
	signIn := func(username, password string) (cookies []*http.Cookie) {
		t.Helper()
		answer := newRecorder()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.PublicURL.String()+"/api/v1/login",
			strings.NewReader(fmt.Sprintf(`{"username":%q,"password":%q}`, username, password)))
		must(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("User-Agent", personal["user agent"])
		req.RemoteAddr = "192.0.2.1:1"
		r.Handler.ServeHTTP(answer, req)
		return (&http.Response{Header: answer.header}).Cookies()
	}
	stranger := &client{base: r.PublicURL.String()}
	refused := func(c *client, method, path string, in any) {
		t.Helper()
		if text, err := c.ask(t.Context(), method, "/api/v1"+path, in, agent...); err == nil {
			t.Errorf("%s %s: %s, want a refusal", method, path, text)
		}
	}
	signIn(personal["stranger"], wrongPassword)
	signIn("person-2-1@example.nl", wrongPassword)
	cookies := signIn("person-2-1@example.nl", givenPassword)
	if len(cookies) == 0 {
		t.Fatal("the sign-in gave no cookie")
	}
	secrets["the session"] = cookies[0].Value
	refused(stranger, http.MethodPost, "/commands/ActivateAccount", body{"token": wrongToken, "password": chosenPassword})
	refused(stranger, http.MethodPost, "/commands/ActivateAccount", body{"token": secrets["the token"], "code": wrongCode, "password": chosenPassword})
	refused(stranger, http.MethodPost, "/commands/ActivateAccount", body{"token": secrets["the token"], "code": secrets["the code"], "password": "x"})
	refused(&client{base: stranger.base, key: wrongKey}, http.MethodGet, "/accounts", nil)
	for _, in := range []any{
		body{"accountId": personal["name"], "reason": personal["reason"]},
		body{"accountId": id(2, 0), personal["name"]: givenPassword},
		body{"accountId": id(2, 0), "reason": body{personal["name"]: givenPassword}},
		[]string{personal["name"], givenPassword},
		body{"accountId": id(2, 99), "reason": personal["reason"]},
	} {
		refused(r.api, http.MethodPost, "/commands/BlockAccount", in)
	}
	refused(r.api, http.MethodGet, "/accounts?sort="+url.QueryEscape(personal["name"]), nil)
	refused(r.api, http.MethodGet, "/"+url.PathEscape(personal["name"]), nil)
	refused(r.api, http.MethodGet, "/accounts/"+url.PathEscape(personal["name"]), nil)
	r.fresh("/accounts?q=" + url.QueryEscape(personal["name"]))
	_, err := stranger.command(t.Context(), "ActivateAccount", body{"token": secrets["the token"], "code": secrets["the code"], "password": chosenPassword}, agent...)
	must(t, err)
	r.run("ChangeDetails", body{"accountId": id(2, 0), "name": personal["new name"]}, agent...)
	r.run("RevokeApiKey", body{"accountId": id(2, 3), "keyId": key.Result["keyId"]})
	return secrets
}

var mailedLink = regexp.MustCompile(`https?://[^\s/]+/activat[a-z]*/([A-Za-z0-9_-]{20,})`)

// tokenOf reads the token out of the one mail.
func tokenOf(t testing.TB, data string) string {
	t.Helper()
	mails, err := filepath.Glob(filepath.Join(data, "outbox", "*.eml"))
	must(t, err)
	for _, mail := range mails {
		text, err := os.ReadFile(mail)
		must(t, err)
		if found := mailedLink.FindSubmatch(text); found != nil {
			return string(found[1])
		}
		t.Logf("%s", text)
	}
	t.Fatalf("no link in %d mails", len(mails))
	return ""
}

// codeOf opens the one letter.
func codeOf(r *running) string {
	r.t.Helper()
	letter, err := machinery.Get[string](r.t.Context(), r.Rows, "SELECT id FROM "+letters.Table)
	must(r.t, err)
	who, err := r.Commands.Access.Authenticate(r.t.Context(), bootKey)
	must(r.t, err)
	outcome, err := r.Commands.Commands.Run(r.t.Context(), engine.Request{Actor: who}, lettercommands.OpenLetter{LetterID: letter})
	must(r.t, err)
	content, err := engine.Result[lettercommands.Content](outcome)
	must(r.t, err)
	if content.Code == "" {
		r.t.Fatal("the letter has no code")
	}
	return content.Code
}

// searchFolder reads every byte of a data folder. A mail may hold the link that it is for,
// and whom it is to.
func searchFolder(t testing.TB, data string, secrets map[string]string) {
	t.Helper()
	files := 0
	must(t, filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		name, values := filepath.Base(path), maps.Clone(secrets)
		if filepath.Base(filepath.Dir(path)) == "outbox" {
			delete(values, "the token")
		} else {
			maps.Copy(values, personal)
		}
		search(t, name, content, values)
		return nil
	}))
	if files < 6 {
		t.Errorf("%d files: where is the data?", files)
	}
}

// search finds a value in any of the forms that it could have slipped into, whatever the
// case of its letters.
func search(t testing.TB, where string, content []byte, values map[string]string) {
	t.Helper()
	lower := bytes.ToLower(content)
	for name, value := range values {
		sum := sha256.Sum256([]byte(value))
		if bytes.Contains(content, sum[:]) {
			t.Errorf("%s has a plain hash of %s", where, name)
		}
		for form, text := range map[string]string{
			"": value, " in a URL": url.QueryEscape(value), " in a path": url.PathEscape(value), " as hex": hex.EncodeToString([]byte(value)),
			" as base64": base64.RawStdEncoding.EncodeToString([]byte(value)), " as base64url": base64.RawURLEncoding.EncodeToString([]byte(value)),
			" as a plain hash": hex.EncodeToString(sum[:]),
		} {
			if at := bytes.Index(lower, []byte(strings.ToLower(text))); at >= 0 {
				t.Errorf("%s has %s%s: …%q…", where, name, form, lower[max(0, at-80):min(len(lower), at+200)])
			}
		}
	}
}
