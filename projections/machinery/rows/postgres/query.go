package postgres

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sleutelbos/projections/machinery"
)

// Query implements machinery.Reader.
func (db *DB) Query(ctx context.Context, into machinery.Collector, query string, args ...any) error {
	return collect(ctx, db.readers, into, query, args)
}

// Streams implements machinery.DB.
func (db *DB) Streams() machinery.Standings { return streams{db} }

// streams is the engine as it reads for long answers.
type streams struct{ *DB }

// Query implements machinery.Reader.
func (s streams) Query(ctx context.Context, into machinery.Collector, query string, args ...any) error {
	return collect(ctx, s.streaming, into, query, args)
}

// collect gives the rows of a statement to a collector until it wants no more.
func collect(ctx context.Context, pool *pgxpool.Pool, into machinery.Collector, query string, args []any) error {
	values := make([]any, len(args))
	for i, arg := range args {
		var err error
		if values[i], err = machinery.Argument(arg); err != nil {
			return err
		}
	}
	var rows pgx.Rows
	err := again(pool, func() (err error) {
		rows, err = pool.Query(ctx, query, values...)
		return err
	})
	if err != nil {
		return translated(err)
	}
	defer rows.Close()
	s := &scanner{rows: rows}
	for rows.Next() {
		if more, err := into.Take(s); !more || err != nil {
			return err
		}
	}
	return translated(rows.Err())
}

type scanner struct {
	rows    pgx.Rows
	columns []string
}

func (s *scanner) Columns() []string {
	if s.columns == nil {
		for _, f := range s.rows.FieldDescriptions() {
			s.columns = append(s.columns, f.Name)
		}
	}
	return s.columns
}

func (s *scanner) Scan(dest ...any) error { return s.rows.Scan(dest...) }

// Count implements machinery.Reader.
func (db *DB) Count(ctx context.Context, table, where string, args ...any) (int64, error) {
	return db.totals.Count(ctx, table, where, args...)
}

// CountUpTo implements machinery.Reader.
func (db *DB) CountUpTo(ctx context.Context, most int, table, where string, args ...any) (int64, error) {
	return db.totals.CountUpTo(ctx, most, table, where, args...)
}

// InList implements machinery.Reader.
func (db *DB) InList(expression, placeholder string) string {
	return expression + " IN (SELECT jsonb_array_elements_text(" + placeholder + "::text::jsonb))"
}

// HasMember implements machinery.Reader.
func (db *DB) HasMember(column, placeholder string) string {
	return "jsonb_exists(" + column + "::jsonb, " + placeholder + "::text)"
}

// Contains implements machinery.Reader. The trigram index serves each LIKE.
func (db *DB) Contains(_ context.Context, table, column string, words []string, beside string, arg func(value any) string) (string, error) {
	holds := holdsAll(table, column, words, arg)
	switch {
	case holds == "":
		holds = cmp.Or(beside, "TRUE")
	case beside != "":
		holds = beside + " AND " + holds
	}
	return holds, nil
}

// First implements machinery.Reader. The server stops at as many rows as it is asked for.
func (db *DB) First(ctx context.Context, f machinery.First, arg func(value any) string) (string, bool, error) {
	holds, err := db.Contains(ctx, f.Table, f.Column, f.Words, f.Beside, arg)
	return holds, true, err
}

// CountFound implements machinery.Reader.
func (db *DB) CountFound(ctx context.Context, f machinery.Found, args ...any) (int64, bool, error) {
	holds, err := db.Contains(ctx, f.Table, f.Column, f.Words, f.Beside, func(value any) string {
		args = append(args, value)
		return "$" + strconv.Itoa(len(args))
	})
	if err != nil {
		return 0, false, err
	}
	n, err := db.totals.CountUpTo(ctx, machinery.MostCounted+1, f.Table, " WHERE "+holds, args...)
	return min(n, machinery.MostCounted), n > machinery.MostCounted, err
}

// Named implements machinery.Reader.
func (db *DB) Named(ctx context.Context, table, column string, words []string, beside, key string, arg func(value any) string) (string, error) {
	holds, err := db.Contains(ctx, table, column, words, beside, arg)
	return key + " IN (SELECT id FROM " + table + " WHERE " + holds + ")", err
}

// holdsAll returns the predicate that a column holds all words.
func holdsAll(table, column string, words []string, arg func(value any) string) string {
	conditions := make([]string, len(words))
	for i, word := range words {
		escaped := arg(word) + "::text"
		for _, special := range []string{`\`, `%`, `_`} {
			escaped = fmt.Sprintf(`replace(%s, '%s', '\%s')`, escaped, special, special)
		}
		conditions[i] = fmt.Sprintf("%s.%s LIKE '%%' || %s || '%%'", table, column, escaped)
	}
	return strings.Join(conditions, " AND ")
}
