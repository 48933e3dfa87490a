package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/internal/sqlitex"
)

// damageKey makes the key of a subject one that nobody can open. Nothing has the vault open.
func damageKey(t *testing.T, data, subject string) {
	t.Helper()
	conn, err := sqlitex.File{Path: filepath.Join(data, memberVault), Mode: sqlitex.ReadWrite}.Pool(t.Context(), 1)
	must(t, err)
	_, err = conn.ExecContext(t.Context(), `UPDATE subject_keys SET wrapped = x'00112233' WHERE subject = $1`, subject)
	must(t, err)
	must(t, conn.Close())
}

// TestF55_OneLostKey: the person whose key is damaged reads as unreadable, everybody else as
// ever, also in read models that are made anew; the operator is told wherever one looks.
func TestF55_OneLostKey(t *testing.T) {
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	organization := r.organization(1)
	r.run("CreateAccount", newAccount(organization, 2, 1))
	r.run("CreateAccount", newAccount(organization, 2, 2))
	r.settle()
	r.stop()
	damageKey(t, data, "account-"+id(2, 1))
	must(t, os.Remove(filepath.Join(data, "readmodels.db")))

	r = start(t, app.Places{Data: data})
	r.run("BlockAccount", body{"accountId": id(2, 2), "reason": "goes on"})
	if list := r.fresh("/accounts"); !strings.Contains(list, eventstore.Unreadable) || !strings.Contains(list, "Person 2 2") {
		t.Errorf("the list is %s", list)
	}
	for _, path := range []string{"/accounts/" + id(2, 1), "/audit?subject=account-" + id(2, 1)} {
		if text := r.fresh(path); !strings.Contains(text, eventstore.Unreadable) {
			t.Errorf("%s is %s", path, text)
		}
	}
	if _, err := r.api.command(t.Context(), "BlockAccount", body{"accountId": id(2, 1), "reason": "can't be sealed"}); err == nil || !strings.HasPrefix(err.Error(), "409 ") || !strings.Contains(err.Error(), "personal-key-lost") {
		t.Errorf("a command that writes personal data: %v", err)
	}
	status, ready := r.manage("/readyz")
	if status != http.StatusOK || !strings.Contains(ready, `"code":"lost-keys","count":1`) || !strings.Contains(ready, id(2, 1)) {
		t.Errorf("/readyz: %d %s", status, ready)
	}
	if _, metrics := r.manage("/metrics"); !strings.Contains(metrics, `sleutelbos_trouble{code="lost-keys"} 1`) {
		t.Error("the metrics don't tell")
	}
	r.settle()
	r.verified()

	file := filepath.Join(t.TempDir(), "backup.tar.gz")
	if code, out := commandLine(t, "audit", "verify", "--data="+data); code != 1 || !strings.Contains(out, id(2, 1)) {
		t.Errorf("audit verify: %d %s", code, out)
	}
	if code, out := commandLine(t, "backup", "--data="+data, file); code != 1 || !strings.Contains(out, id(2, 1)) {
		t.Errorf("backup: %d %s", code, out)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the archive that can't serve is there")
	}
	if code, out := commandLine(t, "backup", "--anyway", "--data="+data, file); code != 0 || !strings.Contains(out, "NOT WHOLE") {
		t.Errorf("backup --anyway: %d %s", code, out)
	}
	restored := filepath.Join(t.TempDir(), "restored")
	if code, out := commandLine(t, "restore", "--data="+restored, file); code != 1 || !strings.Contains(out, id(2, 1)) {
		t.Errorf("restore: %d %s", code, out)
	}
	if code, out := commandLine(t, "restore", "--anyway", "--data="+restored, file); code != 0 {
		t.Errorf("restore --anyway: %d %s", code, out)
	}
}

// TestF2_LostFiles: how far reactors came and the key of the seals are missed by whoever looks, and
// nothing is begun anew in their place.
func TestF2_LostFiles(t *testing.T) {
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	r.run("CreateAccount", newAccount(r.organization(1), 2, 1))
	r.settle()
	_, err := r.Sealer.Seal(t.Context())
	must(t, err)
	must(t, r.House(nil).Mark(t.Context()))
	where := func() map[string]string {
		ran, err := r.Rows.Reactors(t.Context())
		must(t, err)
		all := map[string]string{}
		for _, reactor := range ran {
			all[reactor.Name] = reactor.Last.String()
		}
		return all
	}
	before := where()
	r.stop()
	must(t, os.Remove(filepath.Join(data, memberReactors)))
	must(t, os.Remove(filepath.Join(data, memberSealKey)))
	code, out := commandLine(t, "doctor", "--data="+data)
	if code != 1 || !strings.Contains(out, "lost-reactors: ") || !strings.Contains(out, "seal-key: ") {
		t.Errorf("doctor: %d %s", code, out)
	}
	r = start(t, app.Places{Data: data})
	if diff := cmp.Diff(before, where()); diff != "" {
		t.Errorf("reactors go on elsewhere: %s", diff)
	}
	status, ready := r.manage("/readyz")
	if status != http.StatusOK || !strings.Contains(ready, `"code":"lost-reactors"`) || !strings.Contains(ready, `"code":"seal-key"`) {
		t.Errorf("/readyz: %d %s", status, ready)
	}
	r.run("BlockAccount", body{"accountId": id(2, 1), "reason": "goes on"})
	r.settle()
	if _, err := os.Stat(filepath.Join(data, memberSealKey)); err == nil {
		t.Error("another key was made")
	}
}
