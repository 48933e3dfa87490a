package sqlite

import (
	"testing"

	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/rowstest"
)

var testKey = sealed.Key{1}

func TestDB(t *testing.T) {
	rowstest.Run(t, func(t *testing.T) rowstest.Open {
		dir := t.TempDir()
		return func(t *testing.T) machinery.DB { return open(t, dir) }
	})
}

func open(t *testing.T, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir, testKey)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
