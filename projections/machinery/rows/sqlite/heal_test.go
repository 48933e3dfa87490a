package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"sleutelbos/internal/sqlitex/sealed"
)

// TestF56_ADamagedFileIsSetAside: whatever is wrong with the file of the read models, it opens, and
// is empty then. One that another has open stays.
func TestF56_ADamagedFileIsSetAside(t *testing.T) {
	damages := map[string]func(text []byte) []byte{
		"no database": func([]byte) []byte {
			return []byte("this is no database, but long enough to be read as a header of one, if one reads it")
		},
		"cut":             func(text []byte) []byte { return text[:len(text)/2+100] },
		"garbage within":  func(text []byte) []byte { return scribble(text, len(text)/2, 5000) },
		"another's bytes": func(text []byte) []byte { return scribble(text, 100, 200) },
	}
	for what, damage := range damages {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, rowsFile)
			open := func() *DB {
				t.Helper()
				db, err := Open(t.Context(), dir, testKey)
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			db := open()
			if db.Healed().Aside != "" {
				t.Fatal("a new file was set aside")
			}
			err := db.writer.once(`CREATE TABLE filled AS
				WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i, hex(randomblob(100)) AS text FROM n`)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(text), 0o600); err != nil {
				t.Fatal(err)
			}
			db = open()
			if db.Healed().Aside != path+asideSuffix {
				t.Errorf("it set %q aside", db.Healed().Aside)
			}
			if c, err := db.Checkpoint(t.Context(), "account_list_v1"); err != nil || !c.Position.IsZero() {
				t.Errorf("the new file: %v, %v", c, err)
			}
			other := open() // another process, while the first has it open
			if other.Healed().Aside != "" {
				t.Error("a file in use was set aside")
			}
			if err := other.Close(); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func scribble(text []byte, from, n int) []byte {
	for i := from; i < min(from+n, len(text)); i++ {
		text[i] = 0xA5
	}
	return text
}

// TestF51_APlainFileIsErased: a file of an earlier version, which anybody can read, is gone when the
// read models are open, and so are its log and one that was set aside. One of another key is set aside.
func TestF51_APlainFileIsErased(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, rowsFile)
	for _, name := range []string{path, path + asideSuffix} {
		old, err := openFile(t.Context(), name, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := old.ExecContext(t.Context(), "CREATE TABLE people AS SELECT 'winterkoning' AS name"); err != nil {
			t.Fatal(err)
		}
		wal, err := os.ReadFile(name + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name+"-wal", wal, 0o600); err != nil { // as a crash leaves it
			t.Fatal(err)
		}
	}
	open := func(key sealed.Key) Healed {
		t.Helper()
		db, err := Open(t.Context(), dir, key)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := db.Checkpoint(t.Context(), "account_list_v1"); err != nil || !c.Position.IsZero() {
			t.Errorf("the new file: %v, %v", c, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte("winterkoning")) {
				t.Errorf("%s is readable", file)
			}
		}
		return db.Healed()
	}
	if got := open(testKey); got != (Healed{Plain: true}) {
		t.Errorf("a plain file: %+v", got)
	}
	if got := open(testKey); got != (Healed{}) {
		t.Errorf("its own file: %+v", got)
	}
	if got := open(sealed.Key{9}); got != (Healed{Aside: path + asideSuffix}) {
		t.Errorf("a file of another key: %+v", got)
	}
}
