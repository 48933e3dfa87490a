package postgres

import (
	"testing"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
	"sleutelbos/projections/machinery/rows/rowstest"
)

func TestDB(t *testing.T) {
	rowstest.Run(t, func(t *testing.T) rowstest.Open {
		url := postgrestest.URL(t)
		return func(t *testing.T) machinery.DB { return open(t, url) }
	})
}

func open(t *testing.T, url string) *DB {
	t.Helper()
	db, err := Open(t.Context(), url)
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
