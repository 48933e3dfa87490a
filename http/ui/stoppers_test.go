package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
)

// TestF4_WhatStopsAReaderIsListed: an event whose hash is wrong is read by nobody. The page of the operator
// names it, who stands still, and the command; a form lets it be passed over, for those who may.
func TestF4_WhatStopsAReaderIsListed(t *testing.T) {
	s := startSite(t, app.Serving{BootstrapUsername: "root", BootstrapPassword: goodPassword})
	noord := s.house("noord", "klic")
	s.settle()
	root, admin := s.signIn("root", goodPassword, "nl"), s.signIn("admin@noord.nl", goodPassword, "en")
	if p := root.get("/manage"); strings.Contains(p.body, `id="stoppers"`) {
		t.Error("something stops a reader already")
	}
	id := uuid.New()
	receipt, err := s.Journal.Store.Append(t.Context(), "account-"+noord.user, eventstore.Any, eventstore.Event{
		ID: id, Type: "account.unblocked.v1", Data: []byte("{}"),
		Metadata: []byte(`{"actor":{"kind":"system"},"origin":{"channel":"cli"},"outcome":"done","schemaVersion":1,"occurredAt":"2026-03-14T12:00:00Z","prevHash":"","hash":"` + strings.Repeat("0", 64) + `"}`),
	})
	must(t, err)
	at := receipt.Position.String()
	p := s.until(root, "/manage", "sleutelbos events pass --position "+at+" --id "+id.String())
	_, section, _ := strings.Cut(p.body, `id="stoppers"`)
	section, _, _ = strings.Cut(section, "</section>")
	if strings.Count(section, "account.unblocked.v1") != 1 || !strings.Contains(section, "was changed") {
		t.Errorf("the event stands there once, with the cause: %s", section)
	}
	pass := url.Values{"position": {at}, "eventId": {id.String()}, "reason": {"niemand weet wie dit schreef"}}
	if p := admin.send(http.MethodPost, "/manage/pass", pass); p.status != http.StatusForbidden && p.status != http.StatusUnprocessableEntity {
		t.Errorf("an admin passes over an event: %d", p.status)
	}
	if p := admin.get("/manage"); strings.Contains(p.body, "/manage/pass") {
		t.Error("an admin is offered to pass over an event")
	}
	if p := root.send(http.MethodPost, "/manage/pass", url.Values{"position": {at}, "eventId": {id.String()}}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, `role="alert"`) {
		t.Errorf("without a reason: %d", p.status)
	}
	if p := root.send(http.MethodPost, "/manage/pass", pass); p.status != http.StatusSeeOther {
		t.Errorf("passing over: %d %s", p.status, p.body)
	}
	look, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer look.Stop()
	for strings.Contains(root.get("/manage").body, `id="stoppers"`) {
		select {
		case <-look.C:
		case <-late:
			t.Fatal("it stops readers still")
		}
	}
	s.settle()
}
