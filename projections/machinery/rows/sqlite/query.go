package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"iter"
	"strconv"

	"sleutelbos/projections/machinery"
)

// stmt returns the prepared statement of a query. Each text is prepared once and kept: the
// texts are those of the program's query files, so there are few of them.
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

// Query implements machinery.Reader.
func (db *DB) Query(ctx context.Context, query string, args ...any) iter.Seq2[machinery.Scanner, error] {
	return func(yield func(machinery.Scanner, error) bool) {
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
		if values[i], err = machinery.Argument(arg); err != nil {
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

// Count implements machinery.Reader.
func (db *DB) Count(ctx context.Context, table, where string, args ...any) (int64, error) {
	return db.totals.Count(ctx, table, where, args...)
}

// InList implements machinery.Reader.
func (db *DB) InList(expression, placeholder string) string {
	return expression + " IN (SELECT value FROM json_each(" + placeholder + "))"
}

// HasMember implements machinery.Reader.
func (db *DB) HasMember(column, placeholder string) string {
	return "EXISTS (SELECT 1 FROM json_each(" + column + ") WHERE value = " + placeholder + ")"
}

// Contains implements machinery.Reader. If few rows hold the text it lists their numbers, and
// puts a plus before the other conditions. The plus keeps SQLite, which has no statistics, from
// using an index for one of them (all rows that are not blocked, say) instead of the short
// list. The text itself is still compared, since a row may have changed in between.
func (db *DB) Contains(ctx context.Context, table, column, text, beside string, arg func(value any) string) (string, error) {
	if text == "" {
		return cmp.Or(beside, "TRUE"), nil
	}
	rows, few, err := db.texts.search(ctx, table, column, text)
	if err != nil {
		return "", err
	}
	holds := "instr(" + table + "." + column + ", " + arg(text) + ") > 0"
	if beside != "" && few {
		holds += " AND +(" + beside + ")"
	} else if beside != "" {
		holds = beside + " AND " + holds
	}
	if few {
		holds = db.InList(table+".rowid", arg(jsonList(rows))) + " AND " + holds
	}
	return holds, nil
}

func jsonList(rows []int64) string {
	list := make([]byte, 0, 8*len(rows)+2)
	list = append(list, '[')
	for i, row := range rows {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, row, 10)
	}
	return string(append(list, ']'))
}
