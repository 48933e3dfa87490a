package postgres

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"sleutelbos/projections/machinery"
)

// Query implements machinery.Reader.
func (db *DB) Query(ctx context.Context, query string, args ...any) iter.Seq2[machinery.Scanner, error] {
	return func(yield func(machinery.Scanner, error) bool) {
		rows, err := db.query(ctx, query, args)
		if err != nil {
			yield(nil, translated(err))
			return
		}
		defer rows.Close()
		s := &scanner{rows: rows}
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

func (db *DB) query(ctx context.Context, query string, args []any) (pgx.Rows, error) {
	values := make([]any, len(args))
	for i, arg := range args {
		var err error
		if values[i], err = machinery.Argument(arg); err != nil {
			return nil, err
		}
	}
	var rows pgx.Rows
	err := db.again(func() (err error) {
		rows, err = db.readers.Query(ctx, query, values...)
		return err
	})
	return rows, err
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

// InList implements machinery.Reader.
func (db *DB) InList(expression, placeholder string) string {
	return expression + " IN (SELECT jsonb_array_elements_text(" + placeholder + "::text::jsonb))"
}

// HasMember implements machinery.Reader.
func (db *DB) HasMember(column, placeholder string) string {
	return "jsonb_exists(" + column + "::jsonb, " + placeholder + "::text)"
}

// Contains implements machinery.Reader. The trigram index serves LIKE.
func (db *DB) Contains(_ context.Context, table, column, text, beside string, arg func(value any) string) (string, error) {
	escaped := arg(text) + "::text"
	for _, special := range []string{`\`, `%`, `_`} {
		escaped = fmt.Sprintf(`replace(%s, '%s', '\%s')`, escaped, special, special)
	}
	holds := fmt.Sprintf("%s.%s LIKE '%%' || %s || '%%'", table, column, escaped)
	if beside != "" {
		holds = beside + " AND " + holds
	}
	return holds, nil
}
