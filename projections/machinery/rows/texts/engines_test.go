package texts_test

import (
	"strings"
	"testing"

	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
	"sleutelbos/projections/machinery/rows/sqlite"
	"sleutelbos/projections/machinery/rows/texts"
)

// engine is a rows engine with the index of its texts.
type engine struct {
	machinery.DB
	index  *texts.Index
	planOf func(t *testing.T, query string, args ...any) string
}

// onBoth runs a test on both engines. Each open opens the same database, as another process does.
func onBoth(t *testing.T, test func(t *testing.T, open func() engine)) {
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		test(t, func() engine {
			db, err := sqlite.Open(t.Context(), dir, sealed.Key{1})
			must(t, err)
			t.Cleanup(func() { must(t, db.Close()) })
			return engine{db, db.Index, func(t *testing.T, query string, args ...any) string {
				type step struct {
					Parent int64  `db:"parent"`
					ID     int64  `db:"id"`
					Unused int64  `db:"notused"`
					Detail string `db:"detail"`
				}
				return planned(t, db, "EXPLAIN QUERY PLAN "+query, args, func(s step) string { return s.Detail })
			}}
		})
	})
	t.Run("postgres", func(t *testing.T) {
		url := postgrestest.URL(t)
		test(t, func() engine {
			db, err := postgres.Open(t.Context(), url)
			must(t, err)
			t.Cleanup(func() { must(t, db.Close()) })
			return engine{db, db.Index, func(t *testing.T, query string, args ...any) string {
				type step struct {
					Detail string `db:"QUERY PLAN"`
				}
				return planned(t, db, "EXPLAIN "+query, args, func(s step) string { return s.Detail })
			}}
		})
	})
}

// planned returns the steps in which an engine answers a query.
func planned[Step any](t *testing.T, db machinery.DB, query string, args []any, detail func(Step) string) string {
	t.Helper()
	steps, err := machinery.Select[Step](t.Context(), db, query, args...)
	must(t, err)
	var lines []string
	for _, s := range steps {
		lines = append(lines, detail(s))
	}
	return strings.Join(lines, "\n")
}
