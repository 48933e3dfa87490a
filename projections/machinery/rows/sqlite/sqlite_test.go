package sqlite

import (
	"testing"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/rowstest"
)

func TestDB(t *testing.T) {
	rowstest.Run(t, func(t *testing.T) rowstest.Open {
		dir := t.TempDir()
		return func(t *testing.T) machinery.DB { return open(t, dir) }
	})
}

func open(t *testing.T, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir)
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
