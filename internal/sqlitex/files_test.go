package sqlitex

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "a.db")
	must(t, Private(path))
	must(t, os.WriteFile(path, []byte("kept"), 0o600))
	must(t, os.Chmod(path, 0o644))
	must(t, Private(path))
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode() != 0o600 || info.Size() != 4 {
		t.Errorf("got %v, %d bytes", info.Mode(), info.Size())
	}
}

func TestCopy(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a.db"), filepath.Join(dir, "copy", "b.db")
	if err := Copy(t.Context(), from, to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of nothing: got %v", err)
	}
	writer, err := File{Path: from, Mode: Create, Patience: time.Second, Pragmas: []string{"journal_mode=WAL"}}.Conn()
	must(t, err)
	defer func() { must(t, writer.Close()) }()
	must(t, writer.Exec("CREATE TABLE t (n INTEGER)"))
	must(t, writer.Exec("INSERT INTO t VALUES (?)", int64(7)))
	must(t, Copy(t.Context(), from, to))
	if err := Copy(t.Context(), from, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: got %v", err)
	}
	info, err := os.Stat(to)
	must(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("got %v", info.Mode())
	}
	copied, err := File{Path: to, Mode: ReadOnly}.Conn()
	must(t, err)
	n, err := copied.Integer(0, "SELECT n FROM t")
	must(t, errors.Join(err, copied.Close()))
	if n != 7 {
		t.Errorf("got %d", n)
	}
}

// TestPragmas opens a file in both ways and looks at what it was opened with.
func TestPragmas(t *testing.T) {
	file := File{Path: filepath.Join(t.TempDir(), "a ?%#.db"), Mode: Create, Patience: 1234 * time.Millisecond,
		Pragmas: []string{"journal_mode=WAL", "synchronous=FULL", "cache_size=-4321"}}
	must(t, Private(file.Path))
	c, err := file.Conn()
	must(t, err)
	defer func() { must(t, c.Close()) }()
	pool, err := file.Pool(t.Context(), 1)
	must(t, err)
	defer func() { must(t, pool.Close()) }()
	for pragma, want := range map[string]int64{"busy_timeout": 1234, "synchronous": 2, "cache_size": -4321} {
		byConn, err := c.Integer(0, "PRAGMA "+pragma)
		must(t, err)
		var byPool int64
		must(t, pool.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&byPool))
		if byConn != want || byPool != want {
			t.Errorf("%s: got %d and %d, want %d", pragma, byConn, byPool, want)
		}
	}
	info, err := os.Stat(file.Path + "-wal")
	must(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("got %v", info.Mode())
	}
}

func TestExplain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	must(t, os.WriteFile(path, []byte("this is no database, however long it may be; it goes on and on"), 0o600))
	c, err := File{Path: path, Mode: ReadOnly, Explain: Explain}.Conn()
	must(t, err)
	defer func() { must(t, c.Close()) }()
	if _, err := c.Integer(0, "SELECT count(*) FROM sqlite_schema"); !errors.Is(err, ErrDamaged) {
		t.Errorf("no database: got %v", err)
	}
	_, err = File{Path: path + ".none", Mode: ReadOnly, Explain: Explain}.Conn()
	if !errors.Is(err, ErrDisk) || !CannotOpen(err) {
		t.Errorf("not there: got %v", err)
	}
}
