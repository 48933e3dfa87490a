package sqlite

import (
	"os"
	"path/filepath"
	"testing"
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
				db, err := Open(t.Context(), dir)
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			db := open()
			if db.SetAside() != "" {
				t.Fatal("a new file was set aside")
			}
			_, err := db.writer.conn.ExecContext(t.Context(), `CREATE TABLE filled AS
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
			if db.SetAside() != path+asideSuffix {
				t.Errorf("it set %q aside", db.SetAside())
			}
			if c, err := db.Checkpoint(t.Context(), "account_list_v1"); err != nil || !c.Position.IsZero() {
				t.Errorf("the new file: %v, %v", c, err)
			}
			other := open() // another process, while the first has it open
			if other.SetAside() != "" {
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
