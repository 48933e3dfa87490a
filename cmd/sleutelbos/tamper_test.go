package main

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/sqlitex"
)

// Whoever changes, removes, inserts or reorders one stored event is found out, with the
// stream and the revision.
func TestAuditVerifyFindsTheChangedEvent(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := start(t, app.Places{Data: data})
	organization := r.organization(1)
	for n := range 3 {
		r.run("CreateAccount", newAccount(organization, 2, n))
		for range 2 {
			r.run("BlockAccount", body{"accountId": id(2, n), "reason": "one"})
			r.run("UnblockAccount", body{"accountId": id(2, n), "reason": "two"})
		}
	}
	r.settle()
	r.stop() // and seals

	stream := "account-" + id(2, 1) // revisions 0 to 4
	at := func(revision int) string {
		return fmt.Sprintf("sid = (SELECT sid FROM streams WHERE name = '%s') AND rev = %d", stream, revision)
	}
	// room makes a place in the log and in the stream, behind a revision.
	room := func(revision int) []string {
		position := fmt.Sprintf("(SELECT pos FROM events WHERE %s)", at(revision))
		return []string{
			"CREATE TABLE place AS SELECT pos, sid, rev FROM events WHERE " + at(revision),
			"UPDATE events SET pos = -pos - 1 WHERE pos > " + position,
			"UPDATE events SET pos = -pos WHERE pos < 0",
			"UPDATE events SET rev = -rev - 1 WHERE sid = (SELECT sid FROM place) AND rev > (SELECT rev FROM place)",
			"UPDATE events SET rev = -rev WHERE rev < 0",
		}
	}
	closeGap := []string{
		"UPDATE events SET pos = -pos + 1 WHERE pos > (SELECT pos FROM place)",
		"UPDATE events SET pos = -pos WHERE pos < 0",
		"UPDATE events SET rev = -rev + 1 WHERE sid = (SELECT sid FROM place) AND rev > (SELECT rev FROM place)",
		"UPDATE events SET rev = -rev WHERE rev < 0",
	}
	place := "CREATE TABLE place AS SELECT pos, sid, rev FROM events WHERE "
	swapped := func(column string) []string {
		return []string{
			fmt.Sprintf("CREATE TABLE held AS SELECT %s FROM events WHERE %s", column, at(2)),
			fmt.Sprintf("UPDATE events SET (%[1]s) = (SELECT %[1]s FROM events WHERE %s) WHERE %s", column, at(3), at(2)),
			fmt.Sprintf("UPDATE events SET (%[1]s) = (SELECT %[1]s FROM held) WHERE %s", column, at(3)),
		}
	}
	for name, c := range map[string]struct {
		do   []string
		want string // what is said of it
	}{
		"the payload is changed":   {[]string{`UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '{', '{ ') AS BLOB) WHERE ` + at(2)}, " revision 2: "},
		"the envelope is changed":  {[]string{`UPDATE events SET meta = CAST(replace(CAST(meta AS TEXT), '"done"', '"dOne"') AS BLOB) WHERE ` + at(3)}, " revision 3: "},
		"the type is changed":      {[]string{"UPDATE events SET type = (SELECT type FROM events WHERE " + at(3) + ") WHERE " + at(2)}, " revision 2: "},
		"the id is changed":        {[]string{"UPDATE events SET id = zeroblob(16) WHERE " + at(1)}, " revision 1: "},
		"the first is removed":     {append([]string{place + at(0), "DELETE FROM events WHERE " + at(0)}, closeGap...), " revision 0: "},
		"one is removed, a gap":    {[]string{"DELETE FROM events WHERE " + at(2)}, " revision 2: "},
		"one is removed, no gap":   {append([]string{place + at(2), "DELETE FROM events WHERE " + at(2)}, closeGap...), " revision 2: "},
		"the last is removed":      {append([]string{place + at(4), "DELETE FROM events WHERE " + at(4)}, closeGap...), " revision 4: "},
		"a copy is inserted":       {append(room(2), "INSERT INTO events SELECT pos + 1, sid, rev + 1, type, shown, created, binary, id, meta, data FROM events WHERE "+at(2)), " revision 3: "},
		"a forgery is appended":    {append(room(4), "INSERT INTO events SELECT pos + 1, sid, rev + 1, type, shown, created, binary, zeroblob(16), meta, data FROM events WHERE "+at(4)), " revision 5: "},
		"two change places":        {swapped("type, created, binary, id, meta, data"), " revision 2: "},
		"a stream is given away":   {[]string{"UPDATE streams SET name = name || 'x' WHERE name = '" + stream + "'"}, "x revision 0: "},
		"all of a stream is taken": {[]string{"DELETE FROM events WHERE sid = (SELECT sid FROM streams WHERE name = '" + stream + "')"}, " revision 0: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			copied := copyFolder(t, data)
			statements(t, filepath.Join(copied, "log.db"), c.do...)
			code, out := commandLine(t, "audit", "verify", "--data="+copied)
			if code != 1 || !strings.Contains(out, "BROKEN: "+stream+c.want) {
				t.Errorf("exit code %d, want 1 and %q:\n%s", code, stream+c.want, out)
			}
		})
	}
	t.Run("two streams' events change places", func(t *testing.T) {
		t.Parallel()
		copied := copyFolder(t, data)
		other := strings.Replace(at(2), id(2, 1), id(2, 0), 1)
		statements(t, filepath.Join(copied, "log.db"),
			"CREATE TABLE held AS SELECT pos AS here, (SELECT pos FROM events WHERE "+other+") AS there FROM events WHERE "+at(2),
			"UPDATE events SET pos = -1 WHERE pos = (SELECT here FROM held)",
			"UPDATE events SET pos = (SELECT here FROM held) WHERE pos = (SELECT there FROM held)",
			"UPDATE events SET pos = (SELECT there FROM held) WHERE pos = -1")
		// Each stream is as it was; that the log is not, the seal shows.
		if code, out := commandLine(t, "audit", "verify", "--data="+copied); code != 1 || !strings.Contains(out, "BROKEN: ") {
			t.Errorf("exit code %d, want 1:\n%s", code, out)
		}
	})
	t.Run("the file's own counts are damaged", func(t *testing.T) {
		t.Parallel()
		copied := copyFolder(t, data)
		statements(t, filepath.Join(copied, "log.db"), "UPDATE events SET shown = shown + 1 WHERE pos = 2")
		code, out := commandLine(t, "audit", "verify", "--data="+copied)
		if want := "BROKEN: the event log is damaged: position 2 counts "; code != 1 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, want 1 and %q:\n%s", code, want, out)
		}
	})
	t.Run("nothing is changed", func(t *testing.T) {
		t.Parallel()
		if code, out := commandLine(t, "audit", "verify", "--data="+copyFolder(t, data)); code != 0 || !strings.Contains(out, "The log is as it was written.") {
			t.Errorf("exit code %d, want 0:\n%s", code, out)
		}
	})
}

// statements changes a database file behind the program's back.
func statements(t testing.TB, file string, all ...string) {
	t.Helper()
	statementsIn(t, sqlitex.File{Path: file, Mode: sqlitex.ReadWrite}, all...)
}

func statementsIn(t testing.TB, file sqlitex.File, all ...string) {
	t.Helper()
	db, err := file.Pool(t.Context(), 1)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	for _, statement := range all {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// TestF77_AuditVerifySaysThatNobodySeals with a code of its own.
func TestF77_AuditVerifySaysThatNobodySeals(t *testing.T) {
	data := t.TempDir()
	s := &app.Stores{Places: app.Places{Data: data}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(-3 * time.Hour) }}
	must(t, s.Open(t.Context(), app.Writing))
	a, err := app.New(t.Context(), app.Options{
		Stores: s, Parts: app.Views, Version: version,
		Serving: app.Serving{Node: "off", Language: "nl", MailFrom: "x@localhost", PublicURL: "http://127.0.0.1:1", BootstrapAPIKey: bootKey},
	})
	must(t, err)
	must(t, a.Close())
	if code, out := commandLine(t, "audit", "verify", "--data="+data); code != codeNotSealed || !strings.Contains(out, "NOT SEALED") || !strings.Contains(out, "as it was written") {
		t.Errorf("%d %s", code, out)
	}
}
