package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
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

// Contains implements machinery.Reader. If few rows hold the words it lists their numbers, and
// puts a plus before the other conditions. The plus keeps SQLite, which has no statistics, from
// using an index for one of them (all rows that are not blocked, say) instead of the short
// list. The words themselves are still looked for, since a row may have changed in between.
func (db *DB) Contains(ctx context.Context, table, column string, words []string, beside string, arg func(value any) string) (string, error) {
	if len(words) == 0 {
		return cmp.Or(beside, "TRUE"), nil
	}
	rows, few, err := db.texts.search(ctx, table, column, words, "")
	if err != nil {
		return "", err
	}
	return db.holding(machinery.Found{Table: table, Column: column, Words: words, Beside: beside}, rows, few, arg), nil
}

// holding returns the predicate of a search, among the rows that are listed if they are.
func (db *DB) holding(f machinery.Found, rows []int64, listed bool, arg func(value any) string) string {
	holds := holdsAll(f.Table, f.Column, f.Words, arg)
	switch {
	case !listed && f.Beside != "":
		return f.Beside + " AND " + holds
	case !listed:
		return holds
	case f.Beside != "":
		holds += " AND +(" + f.Beside + ")"
	}
	return db.InList(f.Table+".rowid", arg(jsonList(rows))) + " AND " + holds
}

// First implements machinery.Reader. In the order in which a memory stands it lists no more rows than
// are wanted; in another one it does what Contains does.
func (db *DB) First(ctx context.Context, f machinery.First, arg func(value any) string) (string, bool, error) {
	if len(f.Words) == 0 {
		holds, err := db.Contains(ctx, f.Table, f.Column, f.Words, f.Beside, arg)
		return holds, true, err
	}
	rows, all, ok, err := db.texts.first(ctx, f)
	if err != nil {
		return "", false, err
	}
	if ok {
		return db.holding(f.Found, rows, true, arg), all, nil
	}
	rows, few, err := db.texts.search(ctx, f.Table, f.Column, f.Words, f.Within)
	if err != nil {
		return "", false, err
	}
	if rows == nil && !db.soon(ctx, f) { // the memory is being loaded
		if err := db.texts.wait(ctx, f.Table, f.Column); err != nil {
			return "", false, err
		}
		return db.First(ctx, f, arg)
	}
	return db.holding(f.Found, rows, few, arg), true, nil
}

// soon says whether a walk over the rows in their order soon finds as many as are wanted. A walk that
// has to pass many others takes longer than the loading of a memory.
func (db *DB) soon(ctx context.Context, f machinery.First) bool {
	ctx, cancel := context.WithTimeout(ctx, db.texts.walk)
	defer cancel()
	var args []any
	holds := holdsAll(f.Table, f.Column, f.Words, func(value any) string {
		args = append(args, value)
		return "$" + strconv.Itoa(len(args))
	})
	query := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s ORDER BY %s LIMIT %d)", f.Table, holds, f.Order, f.Most)
	_, err := machinery.Get[int64](ctx, db, query, args...)
	return err == nil
}

// CountFound implements machinery.Reader. Of too many rows it counts the first. Where the memory knows
// all that is asked for, no row is read.
func (db *DB) CountFound(ctx context.Context, f machinery.Found, args ...any) (int64, bool, error) {
	arg := func(value any) string {
		args = append(args, value)
		return "$" + strconv.Itoa(len(args))
	}
	rows, few, err := db.texts.search(ctx, f.Table, f.Column, f.Words, f.Within)
	if err != nil {
		return 0, false, err
	}
	if rows == nil { // the memory is being loaded
		n, err := db.totals.CountUpTo(ctx, machinery.MostCounted+1, f.Table, " WHERE "+db.holding(f, nil, false, arg), args...)
		return min(n, machinery.MostCounted), n > machinery.MostCounted, err
	}
	if f.Only && (f.Within == "" || db.texts.columnsOf(f.Table, f.Column).within != "") {
		return int64(len(rows)), !few, nil
	}
	n, err := db.totals.Count(ctx, f.Table, " WHERE "+db.holding(f, rows, true, arg), args...)
	return n, !few, err
}

// Named implements machinery.Reader. Rows that few keys name are listed; of many, each key is
// looked up in turn.
func (db *DB) Named(ctx context.Context, table, column string, words []string, beside, key string, arg func(value any) string) (string, error) {
	rows, few, err := db.texts.search(ctx, table, column, words, "")
	if err != nil {
		return "", err
	}
	holds := holdsAll(table, column, words, arg)
	if beside != "" {
		holds += " AND +(" + beside + ")"
	}
	if few {
		return key + " IN (SELECT id FROM " + table + " WHERE " + db.InList(table+".rowid", arg(jsonList(rows))) + " AND " + holds + ")", nil
	}
	return "EXISTS (SELECT 1 FROM " + table + " WHERE " + table + ".id = " + key + " AND " + holds + ")", nil
}

// holdsAll returns the predicate that a column holds all words.
func holdsAll(table, column string, words []string, arg func(value any) string) string {
	conditions := make([]string, len(words))
	for i, word := range words {
		conditions[i] = "instr(" + table + "." + column + ", " + arg(word) + ") > 0"
	}
	return strings.Join(conditions, " AND ")
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
