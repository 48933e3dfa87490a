package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"unicode/utf8"

	"sleutelbos/projections"
)

// stmt prepares a query once. The texts are those of the program's query files, so there
// are few of them.
func (db *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := db.prepare.Load(query); ok {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := db.readers.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if kept, ok := db.prepare.LoadOrStore(query, stmt); ok {
		return kept.(*sql.Stmt), stmt.Close()
	}
	return stmt, nil
}

// Query implements projections.Reader.
func (db *DB) Query(ctx context.Context, query string, args ...any) iter.Seq2[projections.Scanner, error] {
	return func(yield func(projections.Scanner, error) bool) {
		rows, err := db.query(ctx, query, args)
		if err != nil {
			yield(nil, translated(err))
			return
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			yield(nil, err)
			return
		}
		s := scanner{rows, columns}
		for rows.Next() {
			if !yield(s, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, translated(err))
		}
	}
}

func (db *DB) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	values := make([]any, len(args))
	for i, arg := range args {
		var err error
		if values[i], err = projections.Argument(arg); err != nil {
			return nil, err
		}
	}
	stmt, err := db.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, values...)
}

type scanner struct {
	rows    *sql.Rows
	columns []string
}

func (s scanner) Columns() []string      { return s.columns }
func (s scanner) Scan(dest ...any) error { return s.rows.Scan(dest...) }

// Count implements projections.Reader.
func (db *DB) Count(ctx context.Context, table, where string, args ...any) (int64, error) {
	return db.totals.Count(ctx, table, where, args...)
}

// InList implements projections.Reader.
func (db *DB) InList(expression, placeholder string) string {
	return expression + " IN (SELECT value FROM json_each(" + placeholder + "))"
}

// HasMember implements projections.Reader.
func (db *DB) HasMember(column, placeholder string) string {
	return "EXISTS (SELECT 1 FROM json_each(" + column + ") WHERE value = " + placeholder + ")"
}

// The search index knows parts of three letters and more. A text that more rows hold than
// so many is found sooner by walking the rows in the order that is asked for.
const (
	shortestIndexed = 3
	mostByIndex     = 500
)

// Contains implements projections.Reader.
func (db *DB) Contains(ctx context.Context, table, column, placeholder, text string) (string, error) {
	holds := fmt.Sprintf("instr(%s.%s, %s) > 0", table, column, placeholder)
	if text == "" {
		return "(" + holds + " OR " + placeholder + " = '')", nil
	}
	if utf8.RuneCountInString(text) < shortestIndexed {
		return holds, nil
	}
	match := func(p string) string {
		return fmt.Sprintf(`SELECT rowid FROM %s WHERE %s MATCH '{%s} : "' || replace(%s, '"', '""') || '"'`, searchTable(table), searchTable(table), column, p)
	}
	found, err := projections.Get[int64](ctx, db, fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %d)", match("$1"), mostByIndex), text)
	if err != nil || found == mostByIndex {
		return holds, err
	}
	// Beside what the index has, the rows noted since, and those that it has not come to.
	progress := func(column string) string {
		return "(SELECT " + column + " FROM search_progress WHERE name = '" + table + "')"
	}
	return fmt.Sprintf("(%s AND %s.rowid IN (%s UNION ALL SELECT n FROM %s UNION ALL SELECT rowid FROM %s WHERE rowid > %s AND rowid <= %s))",
		holds, table, match(placeholder), unsearchedTable(table), table, progress("done"), progress("total")), nil
}
