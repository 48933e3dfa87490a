package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

// Query implements machinery.Reader.
func (db *DB) Query(ctx context.Context, into machinery.Collector, query string, args ...any) error {
	return collect(ctx, db.readers, into.Take, query, args)
}

// Streams implements machinery.DB.
func (db *DB) Streams() machinery.Standings { return streams{db} }

// streams is the engine as it reads for long answers.
type streams struct{ *DB }

// Query implements machinery.Reader.
func (s streams) Query(ctx context.Context, into machinery.Collector, query string, args ...any) error {
	return collect(ctx, s.streaming, into.Take, query, args)
}

// collect gives the rows of a statement to take until it wants no more.
func collect(ctx context.Context, pool *pgxpool.Pool, take texts.Take, query string, args []any) error {
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
		if more, err := take(s); !more || err != nil {
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
