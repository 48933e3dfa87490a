package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/internal/app"
)

// exported runs an export that must succeed.
func exported(t *testing.T, data string, arguments ...string) string {
	t.Helper()
	code, out := commandLine(t, append([]string{"audit", "export", "--data=" + data}, arguments...)...)
	if code != 0 {
		t.Fatalf("export %v: %s", arguments, out)
	}
	return out
}

func TestAuditExport(t *testing.T) {
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	first, second := r.organization(1), r.organization(2)
	r.run("CreateAccount", newAccount(first, 3, 1))
	r.run("CreateAccount", newAccount(first, 3, 2))
	r.run("CreateAccount", newAccount(second, 3, 3))
	r.run("BlockAccount", body{"accountId": id(3, 1), "reason": "fraud"})
	if _, err := r.api.command(t.Context(), "BlockAccount", body{"accountId": id(9, 9), "reason": "nobody"}); err == nil {
		t.Fatal("an account that is not there was blocked")
	}
	r.settle()
	must(t, r.Vault.DestroyKey(t.Context(), eventstore.AccountSubject(id(3, 2)), r.Now()))

	lines := func(arguments ...string) (all []answers.HistoryLine) {
		t.Helper()
		for text := range strings.Lines(exported(t, data, arguments...)) {
			var l answers.HistoryLine
			must(t, json.Unmarshal([]byte(text), &l))
			all = append(all, l)
		}
		return all
	}
	types := func(all []answers.HistoryLine) (names []string) {
		for _, l := range all {
			names = append(names, l.Type)
		}
		return names
	}
	all, log := lines(), r.records()
	same(t, len(all), len(log)) // nothing is left out, beside a running serve
	for i, l := range all {
		same(t, []any{l.EventID, l.Stream, l.Revision}, []any{log[i].ID.String(), log[i].Stream, log[i].Revision})
	}
	mine := lines("--account="+id(3, 1), "--language=en")
	same(t, types(mine), []string{"account.created.v1", "account.blocked.v1"})
	blocked := mine[1]
	if !strings.Contains(blocked.Text, "fraud") || *blocked.Reason != "fraud" || blocked.Actor.Name == nil || blocked.Origin.Address == nil {
		t.Errorf("not in the clear: %+v", blocked)
	}
	if text := exported(t, data, "--account="+id(3, 1)); !strings.Contains(text, "Person 3 1") {
		t.Errorf("not in the clear: %s", text)
	}
	if text := exported(t, data, "--account="+id(3, 2)); !strings.Contains(text, "[erased]") || strings.Contains(text, "Person 3 2") {
		t.Errorf("not erased: %s", text)
	}
	for _, l := range lines("--organization=" + second) {
		if l.OrganizationID == nil || *l.OrganizationID != second {
			t.Errorf("of another organization: %+v", l)
		}
	}
	at, err := time.Parse(time.RFC3339Nano, blocked.At)
	must(t, err)
	moment := at.Add(time.Second).Truncate(time.Second).Format(time.RFC3339)
	same(t, len(lines("--to="+moment))+len(lines("--from="+moment)), len(all))
	same(t, len(lines("--to=2001-01-01")), 0)
	same(t, len(lines("--from=2001-01-01")), len(all))
	if code, out := commandLine(t, "audit", "export", "--data="+t.TempDir()); code == 0 || !strings.Contains(out, "there is no event log") {
		t.Errorf("of nothing: %d %s", code, out)
	}

	file := filepath.Join(t.TempDir(), "history.csv")
	exported(t, data, "--format=csv", "--out="+file)
	info, err := os.Stat(file)
	must(t, err)
	same(t, info.Mode(), fs.FileMode(0o600))
	content, err := os.ReadFile(file)
	must(t, err)
	table, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	must(t, err)
	same(t, []any{len(table), table[0], table[1][0]}, []any{len(all) + 1, answers.HistoryColumns(), all[0].Position})
	if code, out := commandLine(t, "audit", "export", "--data="+data, "--out="+file); code == 0 || !strings.Contains(out, "file already exists") {
		t.Errorf("over a file: %d %s", code, out)
	}
	left, err := os.ReadDir(filepath.Dir(file))
	must(t, err)
	same(t, len(left), 1)
	if nen := exported(t, data, "--format=nen7513"); strings.Count(nen, `"EventActionCode"`) != len(all) || !strings.Contains(nen, `"EventOutcomeIndicator":"8"`) {
		t.Errorf("as NEN 7513: %s", nen)
	}
}

// The golden file has every member of the format, one line an example.
func TestNEN7513(t *testing.T) {
	text := func(s string) *string { return &s }
	admin := answers.Actor{Kind: "account", ID: text(id(1, 1)), Name: text("Marieke Bakker")}
	from := answers.Origin{Channel: "ui", Address: text("192.0.2.7"), UserAgent: text("Browser")}
	line := func(n int, typ, stream string, l answers.HistoryLine) answers.HistoryLine {
		l.Position, l.Revision, l.EventID, l.Type, l.Stream, l.At = "1", int64(n), id(2, n), typ, stream, "2026-09-01T12:00:00Z"
		if l.Outcome == "" {
			l.Outcome = "done"
		}
		return l
	}
	var got bytes.Buffer
	for _, l := range []answers.HistoryLine{
		line(1, "account.created.v1", "account-"+id(3, 1), answers.HistoryLine{
			AccountID: text(id(3, 1)), OrganizationID: text(id(4, 1)), Text: "Marieke Bakker maakte het account", Actor: admin, Origin: from,
			Changes: []answers.Change{{Field: "name", New: text("Tom Maes")}},
		}),
		line(2, "account.blocked.v1", "account-"+id(3, 1), answers.HistoryLine{
			AccountID: text(id(3, 1)), OrganizationID: text(id(4, 1)), Text: "Marieke Bakker blokkeerde het account: misbruik", Actor: admin, Origin: from,
			OnBehalfOf: &answers.Actor{Kind: "account", ID: text(id(1, 2)), Name: text("Pieter Smit")}, Reason: text("misbruik"),
			Changes: []answers.Change{{Field: "blocked", Old: text("false"), New: text("true")}},
		}),
		line(3, "licenserequest.withdrawn.v1", "licenserequest-"+id(5, 1), answers.HistoryLine{
			AccountID: text(id(3, 1)), Text: "Tom Maes trok de aanvraag in", Actor: admin, Origin: from,
		}),
		line(4, "organization.registered.v1", "organization-"+id(4, 1), answers.HistoryLine{
			OrganizationID: text(id(4, 1)), Text: "Het systeem registreerde de organisatie", Actor: answers.Actor{Kind: "system", ID: text("bootstrap")}, Origin: answers.Origin{Channel: "system"},
		}),
		line(5, "refusal.recorded.v1", "refusals-2026-09", answers.HistoryLine{
			AccountID: text(id(3, 1)), Text: "Iemand die niet was aangemeld werd geweigerd", Actor: answers.Actor{Kind: "stranger"}, Origin: from, Outcome: "refused",
		}),
	} {
		encoded, err := json.MarshalIndent(nen7513(l), "", "\t")
		must(t, err)
		got.Write(append(encoded, '\n'))
	}
	golden := filepath.Join("testdata", "nen7513.golden.json")
	want, err := os.ReadFile(golden)
	must(t, err)
	same(t, got.String(), string(want))
}

// Every action that an event can be has its stage of an object.
func TestNEN7513KnowsEveryAction(t *testing.T) {
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			if nenLifeCycles[e.NEN7513] == "" {
				t.Errorf("%s is %q, which has no stage", e.Name, e.NEN7513)
			}
		}
	}
}
