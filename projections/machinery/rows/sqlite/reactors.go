package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// ReactorCheckpoint implements machinery.DB.
func (db *DB) ReactorCheckpoint(ctx context.Context, name string) (machinery.Checkpoint, bool, error) {
	var c machinery.Checkpoint
	var commit, prepare int64
	var updated, last string
	err := db.reactors.QueryRowContext(ctx, "SELECT position, prepare, updated_at, last_event FROM reactor_checkpoints WHERE name = ?", name).
		Scan(&commit, &prepare, &updated, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	c.Position = eventstore.NewPosition(uint64(commit), uint64(prepare))
	if err == nil {
		c.UpdatedAt, err = machinery.ParseTime(updated)
	}
	if err == nil {
		c.Last, err = machinery.ParseMark(last)
	}
	return c, true, err
}

// SaveReactor implements machinery.DB.
func (db *DB) SaveReactor(ctx context.Context, name string, from eventstore.Position, to machinery.Checkpoint) error {
	commit, prepare := int64(to.Position.Commit()), int64(to.Position.Prepare())
	query := "UPDATE reactor_checkpoints SET position = ?, prepare = ?, updated_at = ?, last_event = ? WHERE name = ? AND position = ? AND prepare = ?"
	args := []any{commit, prepare, machinery.TimeText(to.UpdatedAt), to.Last.String(), name, int64(from.Commit()), int64(from.Prepare())}
	if from == machinery.NeverRan {
		query, args = "INSERT INTO reactor_checkpoints (position, prepare, updated_at, last_event, name) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", args[:5]
	}
	result, err := db.reactors.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, machinery.ErrFenced)
	}
	return nil
}

// Reactors implements machinery.DB.
func (db *DB) Reactors(ctx context.Context) ([]string, error) {
	rows, err := db.reactors.QueryContext(ctx, "SELECT name FROM reactor_checkpoints ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
