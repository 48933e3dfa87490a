package main

import (
	"database/sql"
	"testing"
)

// statements changes a database file behind the program's back.
func statements(t testing.TB, file string, all ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	db.SetMaxOpenConns(1)
	for _, statement := range all {
		result, err := db.ExecContext(t.Context(), statement)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if n, err := result.RowsAffected(); err == nil && n == 0 {
			t.Fatalf("%s: changed nothing", statement)
		}
	}
}
