package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// ReactorCheckpoint implements machinery.DB.
func (db *DB) ReactorCheckpoint(ctx context.Context, name string) (machinery.Checkpoint, bool, error) {
	var c machinery.Checkpoint
	var updated string
	err := db.reactors.QueryRowContext(ctx, "SELECT position, updated_at FROM reactor_checkpoints WHERE name = ?", name).Scan(&c.Position, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	if err == nil {
		c.UpdatedAt, err = machinery.ParseTime(updated)
	}
	return c, true, err
}

// SaveReactor implements machinery.DB.
func (db *DB) SaveReactor(ctx context.Context, name string, from, to eventstore.Position, at time.Time) error {
	var result sql.Result
	var err error
	if from == machinery.NeverRan {
		result, err = db.reactors.ExecContext(ctx, "INSERT INTO reactor_checkpoints VALUES (?, ?, ?) ON CONFLICT DO NOTHING", name, int64(to), machinery.TimeText(at))
	} else {
		result, err = db.reactors.ExecContext(ctx, "UPDATE reactor_checkpoints SET position = ?, updated_at = ? WHERE name = ? AND position = ?",
			int64(to), machinery.TimeText(at), name, int64(from))
	}
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, machinery.ErrFenced)
	}
	return nil
}
