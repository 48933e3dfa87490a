package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// moveCheckpoint divides by zero if the checkpoint is not where it should be. That makes the
// whole batch of statements fail of which it is the first, and saves a round trip to look.
const moveCheckpoint = `WITH moved AS (
	UPDATE checkpoints SET position = $4, prepare = $5, events_done = greatest(events_done, $6), updated_at = $7, last_event = $8
	WHERE name = $1 AND position = $2 AND prepare = $3 RETURNING 1)
	SELECT 1 / count(*) FROM moved`

// Expect implements machinery.DB. Each change has a transaction of its own.
func (*DB) Expect(ctx context.Context) (with context.Context, done func()) { return ctx, func() {} }

// Apply implements machinery.DB. It needs one round trip.
func (db *DB) Apply(ctx context.Context, c machinery.Change) error {
	var b pgx.Batch
	to := c.To.Stored()
	b.Queue(moveCheckpoint, c.Physical, int64(c.From.Commit()), int64(c.From.Prepare()), to.Commit, to.Prepare, c.To.EventsDone, to.UpdatedAt, to.Last)
	if len(c.Upserts) > 0 {
		b.Queue(upsert(c.Definition, c.Physical), arrays(c.Definition.Columns, c.Upserts)...)
	}
	if len(c.Deletes) > 0 {
		key := c.Definition.Key()
		b.Queue("DELETE FROM "+c.Physical+" WHERE "+key.Name+" = ANY($1)", arrays([]machinery.Column{key}, oneColumn(c.Deletes))...)
	}
	return translated(db.writers.SendBatch(ctx, &b).Close())
}

func upsert(def machinery.Definition, physical string) string {
	unnested := make([]string, len(def.Columns))
	var sets []string
	for i, c := range def.Columns {
		typ, _, _ := strings.Cut(sqlTypes[c.Kind], " ")
		unnested[i] = fmt.Sprintf("$%d::%s[]", i+1, typ)
		if i > 0 {
			sets = append(sets, c.Name+" = excluded."+c.Name)
		}
	}
	conflict := "NOTHING"
	if len(sets) > 0 {
		conflict = "UPDATE SET " + strings.Join(sets, ", ")
	}
	return "INSERT INTO " + physical + " (" + names(def) + ") SELECT * FROM unnest(" + strings.Join(unnested, ", ") + ")" +
		" ON CONFLICT (" + def.Key().Name + ") DO " + conflict
}

// arrays turns rows into an array for each column.
func arrays(columns []machinery.Column, rows [][]any) []any {
	all := make([]any, len(columns))
	for i, c := range columns {
		switch c.Kind {
		case machinery.Int:
			all[i] = column[int64](rows, i)
		case machinery.Bool:
			all[i] = column[bool](rows, i)
		case machinery.Bytes:
			all[i] = column[[]byte](rows, i)
		default:
			all[i] = column[string](rows, i)
		}
	}
	return all
}

func column[T any](rows [][]any, at int) []T {
	values := make([]T, len(rows))
	for i, row := range rows {
		values[i] = row[at].(T)
	}
	return values
}

func oneColumn(values []any) [][]any {
	rows := make([][]any, len(values))
	for i := range values {
		rows[i] = values[i : i+1]
	}
	return rows
}

// Fill implements machinery.DB.
func (db *DB) Fill(ctx context.Context, def machinery.Definition, physical string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	columns := strings.Split(names(def), ", ")
	_, err := db.writers.CopyFrom(ctx, pgx.Identifier{physical}, columns, pgx.CopyFromRows(rows))
	return translated(err)
}

// Load implements machinery.DB.
func (db *DB) Load(ctx context.Context, def machinery.Definition, physical string, keys []any) iter.Seq2[[]any, error] {
	query := "SELECT " + names(def) + " FROM " + physical + " WHERE " + def.Key().Name + " = ANY($1)"
	return func(yield func([]any, error) bool) {
		rows, err := values(db.writers.Query(ctx, query, arrays([]machinery.Column{def.Key()}, oneColumn(keys))...))
		if err != nil {
			yield(nil, err)
			return
		}
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// values returns the rows of a result with their values as the port has them.
func values(rows pgx.Rows, err error) ([][]any, error) {
	if err != nil {
		return nil, translated(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	return all, translated(err)
}

// Snapshot implements machinery.DB.
func (db *DB) Snapshot(ctx context.Context, def machinery.Definition, physical string, look func(machinery.Checkpoint, iter.Seq2[[]any, error]) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	var tx pgx.Tx
	err := again(db.snapshots, func() (err error) {
		tx, err = db.snapshots.BeginTx(ctx, options)
		return err
	})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // it wrote nothing
	var c machinery.Checkpoint
	var commit, prepare int64
	err = tx.QueryRow(ctx, "SELECT position, prepare, events_done FROM checkpoints WHERE name = $1", physical).Scan(&commit, &prepare, &c.EventsDone)
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%w: %s", machinery.ErrNotBuilt, physical)
	}
	if err != nil {
		return err
	}
	c.Position = eventstore.NewPosition(uint64(commit), uint64(prepare))
	return look(c, pages(ctx, tx.Query, def, physical))
}

// Rows implements machinery.DB.
func (db *DB) Rows(ctx context.Context, def machinery.Definition, physical string) iter.Seq2[[]any, error] {
	return pages(ctx, db.working.Query, def, physical)
}

// pages yields the rows of a table in the order of the key.
func pages(ctx context.Context, ask func(context.Context, string, ...any) (pgx.Rows, error), def machinery.Definition, physical string) iter.Seq2[[]any, error] {
	key := def.Key().Name
	return machinery.Pages(func(after any, most int) ([][]any, error) {
		where, args := "", []any(nil)
		if after != nil {
			where, args = " WHERE "+key+" > $1", []any{after}
		}
		return values(ask(ctx, fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT %d", names(def), physical, where, key, most), args...))
	})
}

func names(def machinery.Definition) string {
	list := make([]string, len(def.Columns))
	for i, c := range def.Columns {
		list[i] = c.Name
	}
	return strings.Join(list, ", ")
}
