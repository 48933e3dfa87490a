package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"sleutelbos/eventstore"
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

// Contains implements machinery.Reader: the trigram index serves LIKE.
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

// ReactorCheckpoint implements machinery.DB.
func (db *DB) ReactorCheckpoint(ctx context.Context, name string) (machinery.Checkpoint, bool, error) {
	var c machinery.Checkpoint
	var commit, prepare int64
	var updated string
	err := db.again(func() error {
		return db.readers.QueryRow(ctx, "SELECT position, prepare, updated_at FROM reactors.checkpoints WHERE name = $1", name).Scan(&commit, &prepare, &updated)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	c.Position = eventstore.NewPosition(uint64(commit), uint64(prepare))
	if err == nil {
		c.UpdatedAt, err = machinery.ParseTime(updated)
	}
	return c, true, err
}

// SaveReactor implements machinery.DB. It goes by a connection of the readers, whose
// commits are durable.
func (db *DB) SaveReactor(ctx context.Context, name string, from, to eventstore.Position, at time.Time) error {
	query := "UPDATE reactors.checkpoints SET position = $2, prepare = $3, updated_at = $4 WHERE name = $1 AND position = $5 AND prepare = $6"
	args := []any{name, int64(to.Commit()), int64(to.Prepare()), machinery.TimeText(at), int64(from.Commit()), int64(from.Prepare())}
	if from == machinery.NeverRan {
		query, args = "INSERT INTO reactors.checkpoints (name, position, prepare, updated_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", args[:4]
	}
	tag, err := db.readers.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return machinery.ErrFenced
	}
	return nil
}
