package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Rows are written by statements that hold so many of them; each statement is prepared once.
var (
	writeSizes = []int{64, 8, 1}
	loadSizes  = []int{1, 4, 16, 64, 256}
)

// Load implements machinery.DB.
func (db *DB) Load(ctx context.Context, def machinery.Definition, physical string, keys []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		most := loadSizes[len(loadSizes)-1]
		for some := range slices.Chunk(keys, most) {
			at, _ := slices.BinarySearch(loadSizes, len(some))
			args := make([]any, loadSizes[at])
			for i := range args {
				args[i] = some[min(i, len(some)-1)] // a key named twice is found once
			}
			query := "SELECT " + names(def) + " FROM " + physical + " WHERE " + def.Key().Name + " IN (" + marks(len(args)) + ")"
			rows, err := db.working.values(ctx, def, query, args)
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
}

// values returns the rows of a result as the port has them.
func (p *pool) values(ctx context.Context, def machinery.Definition, query string, args []any) ([][]any, error) {
	stmt, err := p.stmt(ctx, query)
	if err != nil {
		return nil, translated(err)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, translated(err)
	}
	return allValues(def, rows)
}

func allValues(def machinery.Definition, rows *sql.Rows) ([][]any, error) {
	defer rows.Close()
	var all [][]any
	for rows.Next() {
		row, err := scanValues(def, rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, translated(rows.Err())
}

// scanValues reads a row and returns its values as the port has them.
func scanValues(def machinery.Definition, scan func(...any) error) ([]any, error) {
	values := make([]any, len(def.Columns))
	pointers := make([]any, len(values))
	for i, c := range def.Columns {
		switch c.Kind {
		case machinery.Int:
			pointers[i] = new(int64)
		case machinery.Bool:
			pointers[i] = new(bool)
		case machinery.Bytes:
			pointers[i] = new([]byte)
		default:
			pointers[i] = new(string)
		}
	}
	if err := scan(pointers...); err != nil {
		return nil, err
	}
	for i, p := range pointers {
		switch p := p.(type) {
		case *int64:
			values[i] = *p
		case *bool:
			values[i] = *p
		case *[]byte:
			values[i] = append([]byte{}, *p...) // the driver returns nil for an empty one
		case *string:
			values[i] = *p
		}
	}
	return values, nil
}

// Snapshot implements machinery.DB.
func (db *DB) Snapshot(ctx context.Context, def machinery.Definition, physical string, look func(machinery.Checkpoint, iter.Seq2[[]any, error]) error) error {
	conn, err := db.snapshots.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") //nolint:errcheck // it wrote nothing
	var c machinery.Checkpoint
	var commit, prepare int64
	err = conn.QueryRowContext(ctx, "SELECT position, prepare, events_done FROM checkpoints WHERE name = ?", physical).Scan(&commit, &prepare, &c.EventsDone)
	if err != nil {
		return fmt.Errorf("%w: %w", machinery.ErrNotBuilt, err)
	}
	c.Position = eventstore.NewPosition(uint64(commit), uint64(prepare))
	return look(c, machinery.Pages(func(after any, most int) ([][]any, error) {
		query, args := page(def, physical, after, most)
		rows, err := conn.QueryContext(ctx, query, args...)
		if err != nil {
			return nil, translated(err)
		}
		return allValues(def, rows)
	}))
}

// Rows implements machinery.DB.
func (db *DB) Rows(ctx context.Context, def machinery.Definition, physical string) iter.Seq2[[]any, error] {
	return machinery.Pages(func(after any, most int) ([][]any, error) {
		query, args := page(def, physical, after, most)
		return db.working.values(ctx, def, query, args)
	})
}

// page returns the query for the rows of a table behind a key, nil for the first ones.
func page(def machinery.Definition, physical string, after any, most int) (string, []any) {
	key, where, args := def.Key().Name, "", []any(nil)
	if after != nil {
		where, args = " WHERE "+key+" > ?", []any{after}
	}
	return fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT %d", names(def), physical, where, key, most), args
}

// Fill implements machinery.DB.
func (db *DB) Fill(ctx context.Context, def machinery.Definition, physical string, rows [][]any) error {
	const most = 2000 // rows a transaction, so that live projections get their turn
	for some := range slices.Chunk(rows, most) {
		err := db.writer.alone(ctx, func(w *writer) error { return insert(w, def, physical, false, some) })
		if err != nil {
			return err
		}
	}
	return nil
}

// Expect implements machinery.DB.
func (db *DB) Expect(ctx context.Context) (with context.Context, done func()) {
	came := db.writer.group.Expect()
	return context.WithValue(ctx, cameKey{}, came), came
}

// cameKey is of what says that an expected change was submitted.
type cameKey struct{}

// Apply implements machinery.DB.
func (db *DB) Apply(ctx context.Context, c machinery.Change) error {
	return db.writer.together(ctx, func(w *writer) error { return apply(w, c) })
}

func apply(w *writer, c machinery.Change) error {
	to := c.To.Stored()
	moved, err := w.changed(`UPDATE checkpoints SET position = ?, prepare = ?, events_done = max(events_done, ?), updated_at = ?, last_event = ?
		WHERE name = ? AND position = ? AND prepare = ?`, to.Commit, to.Prepare, c.To.EventsDone,
		to.UpdatedAt, to.Last, c.Physical, int64(c.From.Commit()), int64(c.From.Prepare()))
	if err != nil {
		return err
	}
	if moved != 1 {
		return machinery.ErrFenced
	}
	if err := insert(w, c.Definition, c.Physical, true, c.Upserts); err != nil {
		return err
	}
	for _, key := range c.Deletes {
		if err := w.exec("DELETE FROM "+c.Physical+" WHERE "+c.Definition.Key().Name+" = ?", key); err != nil {
			return err
		}
	}
	return nil
}

func insert(w *writer, def machinery.Definition, physical string, over bool, rows [][]any) error {
	for _, size := range writeSizes {
		for len(rows) >= size {
			w.args = w.args[:0]
			for _, row := range rows[:size] {
				for _, value := range row {
					w.args = append(w.args, value)
				}
			}
			err := w.exec(w.inserting(def, physical, over, size), w.args...)
			clear(w.args) // it keeps the room, and none of the values
			if err != nil {
				return err
			}
			rows = rows[size:]
		}
	}
	return nil
}

// insertion is what the text of a statement that writes rows follows from.
type insertion struct {
	columns  *machinery.Column // the first one: the columns of a definition stand in one place
	physical string
	over     bool // rows that are there
	size     int
}

// inserting returns the statement that writes so many rows. Its text has some kilobytes and is made once.
func (w *writer) inserting(def machinery.Definition, physical string, over bool, size int) string {
	of := insertion{&def.Columns[0], physical, over, size}
	query, ok := w.insertions[of]
	if !ok {
		tuple := "(" + marks(len(def.Columns)) + ")"
		query = "INSERT INTO " + physical + " (" + names(def) + ") VALUES " + tuple + strings.Repeat(","+tuple, size-1)
		if over {
			query += onConflict(def)
		}
		w.insertions[of] = query
	}
	return query
}

func onConflict(def machinery.Definition) string {
	if len(def.Columns) == 1 {
		return " ON CONFLICT DO NOTHING"
	}
	sets := make([]string, 0, len(def.Columns))
	for _, c := range def.Columns[1:] {
		sets = append(sets, c.Name+" = excluded."+c.Name)
	}
	return " ON CONFLICT (" + def.Key().Name + ") DO UPDATE SET " + strings.Join(sets, ", ")
}

func names(def machinery.Definition) string {
	list := make([]string, len(def.Columns))
	for i, c := range def.Columns {
		list[i] = c.Name
	}
	return strings.Join(list, ", ")
}

func marks(n int) string { return "?" + strings.Repeat(",?", n-1) }
