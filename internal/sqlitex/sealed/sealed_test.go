package sealed

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

var testKey = Key{1, 2, 3}

func openDB(t testing.TB, path string, key Key) *sql.DB {
	t.Helper()
	if err := Make(path, key); err != nil {
		t.Fatal(err)
	}
	name, err := Register(key)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?vfs="+name+"&_pragma=journal_mode=WAL&_pragma=temp_store=MEMORY&_pragma=cache_size=-100")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func do(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func ask[T any](t testing.TB, db *sql.DB, query string) (v T) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

const fill = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
	INSERT INTO t SELECT i, 'canary-' || i, hex(randomblob(100)) FROM n`

// TestFileIsSealed: what is written is read again, by another connection too and after the log was
// checkpointed, and no byte of it stands in a file.
func TestFileIsSealed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rows.db")
	db := openDB(t, path, testKey)
	do(t, db, "CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT, filler TEXT)")
	do(t, db, "CREATE INDEX names ON t (name)")
	do(t, db, fill)
	do(t, db, "UPDATE t SET name = 'again-' || name WHERE n % 3 = 0")
	do(t, db, "DELETE FROM t WHERE n % 5 = 0")
	do(t, db, "INSERT INTO t VALUES (9001, 'canary-long', ?)", string(bytes.Repeat([]byte("canary"), 5000)))
	look := func(db *sql.DB) {
		t.Helper()
		if n := ask[int](t, db, "SELECT count(*) FROM t WHERE name >= 'a'"); n != 4001 {
			t.Errorf("%d rows", n)
		}
		if n := ask[int](t, db, "SELECT length(filler) FROM t WHERE n = 9001"); n != 30000 {
			t.Errorf("the long text has %d bytes", n)
		}
		if said := ask[string](t, db, "PRAGMA integrity_check"); said != "ok" {
			t.Error(said)
		}
		for _, name := range []string{path, path + "-wal", path + "-shm"} {
			if text, _ := os.ReadFile(name); bytes.Contains(text, []byte("canary")) || bytes.Contains(text, []byte("CREATE")) {
				t.Errorf("%s can be read", name)
			}
		}
	}
	look(db)
	look(openDB(t, path, testKey))
	do(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	look(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	look(openDB(t, path, testKey))
}

// TestLogIsRecovered copies the files of an open database, as a crash would leave them, the log
// cut anywhere: what was committed before the cut is there.
func TestLogIsRecovered(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rows.db")
	db := openDB(t, path, testKey)
	do(t, db, "CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT, filler TEXT)")
	for i := range 50 {
		do(t, db, "INSERT INTO t VALUES (?, 'x', hex(randomblob(500)))", i)
	}
	main, log := read(t, path), read(t, path+"-wal")
	most := 0
	for cut := 0; cut <= len(log); cut += 1777 {
		t.Run(fmt.Sprint(cut), func(t *testing.T) {
			at := filepath.Join(t.TempDir(), "rows.db")
			write(t, at, main)
			write(t, at+"-wal", append(bytes.Clone(log[:cut]), bytes.Repeat([]byte{7}, 3000)...)) // garbage behind the cut
			there := openDB(t, at, testKey)
			if said := ask[string](t, there, "PRAGMA integrity_check"); said != "ok" {
				t.Error(said)
			}
			n := 0
			_ = there.QueryRow("SELECT count(*) FROM t").Scan(&n) // no table yet before its commit
			if n < most {
				t.Errorf("%d rows, fewer than with less of the log", n)
			}
			most = n
		})
	}
	if most < 48 {
		t.Errorf("of 50 rows %d were recovered", most)
	}
}

// TestFramesWrittenAgainAreRecovered changes pages that stand in the log already, within one transaction:
// SQLite then writes the headers of their frames again.
func TestFramesWrittenAgainAreRecovered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.db")
	db := openDB(t, path, testKey)
	do(t, db, "CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT, filler TEXT)")
	do(t, db, "CREATE INDEX names ON t (name)")
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		fill, "UPDATE t SET name = 'again-' || n", "UPDATE t SET name = 'third-' || n WHERE n % 7 = 0", "UPDATE t SET filler = 'short' WHERE n = 1",
	} {
		if _, err := tx.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), "rows.db")
	write(t, at, read(t, path))
	write(t, at+"-wal", read(t, path+"-wal"))
	db = openDB(t, at, testKey)
	if n := ask[int](t, db, "SELECT count(*) FROM t WHERE name = iif(n % 7 = 0, 'third-', 'again-') || n"); n != 5000 {
		t.Errorf("%d rows were recovered", n)
	}
	if said := ask[string](t, db, "PRAGMA integrity_check"); said != "ok" {
		t.Error(said)
	}
}

// TestFrameIsWrittenAtOnce counts the writes of a commit, as the machine does.
func TestFrameIsWrittenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.db")
	db := openDB(t, path, testKey)
	do(t, db, "CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT, filler TEXT)")
	do(t, db, fill)
	size := func() int64 {
		file, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	writes, before := writesOf(t), size()
	do(t, db, "INSERT INTO t SELECT n + 5000, name, filler FROM t WHERE n <= 5000")
	frames := (size() - before) / frameRecord
	if n := writesOf(t) - writes; frames < 200 || n > frames+20 {
		t.Errorf("%d writes of %d frames", n, frames)
	}
}

// writesOf returns how often this process has written to a file.
func writesOf(t *testing.T) int64 {
	t.Helper()
	for line := range strings.Lines(string(read(t, "/proc/self/io"))) {
		if n, ok := strings.CutPrefix(line, "syscw: "); ok {
			count, err := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return count
		}
	}
	t.Fatal("the machine does not count writes")
	return 0
}

// TestOtherKey: a file of another key, a plain one, one whose pages changed places and one with a
// changed byte are errors, never rows.
func TestOtherKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rows.db")
	db := openDB(t, path, testKey)
	do(t, db, "CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT, filler TEXT)")
	do(t, db, fill)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	whole, record := read(t, path), int64(pageSize+overhead)
	page := func(text []byte, n int64) []byte { return text[n*record : (n+1)*record] }
	for what, change := range map[string]func([]byte) Key{
		"another key":  func([]byte) Key { return Key{9} },
		"no file":      func(text []byte) Key { copy(text, "SQLite format 3\x00"); return testKey },
		"a bit":        func(text []byte) Key { page(text, 20)[500] ^= 1; return testKey },
		"moved a page": func(text []byte) Key { copy(page(text, 20), page(whole, 21)); return testKey },
	} {
		text := bytes.Clone(whole)
		key := change(text)
		at := filepath.Join(t.TempDir(), "rows.db")
		write(t, at, text)
		said := ""
		err := openDB(t, at, key).QueryRow("PRAGMA integrity_check").Scan(&said)
		if err == nil && said == "ok" {
			t.Errorf("%s: it was not noticed", what)
		}
	}
}

// TestNothingElseIsWritten: a connection that would write to a temporary file can't.
func TestNothingElseIsWritten(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "rows.db"), testKey)
	do(t, db, "PRAGMA temp_store=FILE")
	do(t, db, "PRAGMA cache_size=1")
	if _, err := db.Exec("CREATE TEMP TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, hex(randomblob(100)) FROM n"); err == nil {
		t.Error("a temporary file was made")
	}
}

func TestNoncesDiffer(t *testing.T) {
	s, err := newSealer(testKey)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[nonceSize]byte]bool{}
	for i := range 1000 {
		if i == 500 {
			s.used = ^uint32(0) - 3 // the prefix is used up soon
		}
		var n [nonceSize]byte
		s.nonce(n[:])
		if seen[n] || n == [nonceSize]byte{} {
			t.Fatalf("nonce %d: %x", i, n)
		}
		seen[n] = true
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
