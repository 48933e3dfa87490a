package sqlite

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"

	"sleutelbos/internal/bounded"
	"sleutelbos/projections/machinery"
)

// pool is connections that read for one kind of work, so that another kind never waits for it.
type pool struct {
	*sql.DB
	prepared *bounded.Map[string, *prepared]
}

// mostPrepared is how many statements of a pool are kept prepared. Filters make many texts, and no
// text follows from how long a list is that somebody asks for.
const mostPrepared = 256

func newPool(db *sql.DB) *pool {
	return &pool{DB: db, prepared: bounded.NewClosing(mostPrepared, 0, func(_ string, p *prepared) { p.leave() })}
}

// prepared is a statement and how many use it, one of which is the pool that keeps it. The last one
// closes it.
type prepared struct {
	*sql.Stmt
	users atomic.Int64
}

func (p *prepared) leave() {
	if p.users.Add(-1) == 0 {
		_ = p.Close() // it failed when it was used, or not at all
	}
}

// stmt returns the prepared statement of a query, which the caller leaves.
func (p *pool) stmt(ctx context.Context, query string) (*prepared, error) {
	if kept := p.enter(query, nil); kept != nil {
		return kept, nil
	}
	stmt, err := p.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	made := &prepared{Stmt: stmt}
	made.users.Store(1)
	kept := p.enter(query, made)
	if kept != made {
		made.leave() // another was quicker
	}
	return kept, nil
}

// enter returns the statement that is kept, or keeps the one that was made, and counts the caller.
func (p *pool) enter(query string, made *prepared) *prepared {
	return p.prepared.Update(query, time.Time{}, func(kept *prepared, found bool) (*prepared, bool) {
		if !found {
			kept = made
		}
		if kept != nil {
			kept.users.Add(1)
		}
		return kept, kept != nil
	})
}

// Query implements machinery.Reader.
func (db *DB) Query(ctx context.Context, into machinery.Collector, query string, args ...any) error {
	return db.readers.query(ctx, into.Take, query, args)
}

// Streams implements machinery.DB.
func (db *DB) Streams() machinery.Standings { return streams{db} }

// streams is the engine as it reads for long answers.
type streams struct{ *DB }

// Query implements machinery.Reader.
func (s streams) Query(ctx context.Context, into machinery.Collector, query string, args ...any) error {
	return s.streaming.query(ctx, into.Take, query, args)
}

// query gives the rows of a statement to take until it wants no more. What take does must be
// short and ask nothing, because the result is open meanwhile.
func (p *pool) query(ctx context.Context, take func(machinery.Scanner) (more bool, err error), query string, args []any) error {
	values := make([]any, len(args))
	for i, arg := range args {
		var err error
		if values[i], err = machinery.Argument(arg); err != nil {
			return err
		}
	}
	stmt, err := p.stmt(ctx, query)
	if err != nil {
		return translated(err)
	}
	defer stmt.leave()
	rows, err := stmt.QueryContext(ctx, values...)
	if err != nil {
		return translated(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	s := scanner{rows, columns}
	for rows.Next() {
		if more, err := take(s); !more || err != nil {
			return err
		}
	}
	return translated(rows.Err())
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

// CountUpTo implements machinery.Reader.
func (db *DB) CountUpTo(ctx context.Context, most int, table, where string, args ...any) (int64, error) {
	return db.totals.CountUpTo(ctx, most, table, where, args...)
}

// InList implements machinery.Reader.
func (db *DB) InList(expression, placeholder string) string {
	return expression + " IN (SELECT value FROM json_each(" + placeholder + "))"
}

// HasMember implements machinery.Reader.
func (db *DB) HasMember(column, placeholder string) string {
	return "EXISTS (SELECT 1 FROM json_each(" + column + ") WHERE value = " + placeholder + ")"
}
