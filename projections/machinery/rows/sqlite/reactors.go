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
	var commit, prepare int64
	var updated string
	err := db.reactors.QueryRowContext(ctx, "SELECT position, prepare, updated_at FROM reactor_checkpoints WHERE name = ?", name).Scan(&commit, &prepare, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	c.Position = eventstore.NewPosition(uint64(commit), uint64(prepare))
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
		result, err = db.reactors.ExecContext(ctx, "INSERT INTO reactor_checkpoints (name, position, prepare, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			name, int64(to.Commit()), int64(to.Prepare()), machinery.TimeText(at))
	} else {
		result, err = db.reactors.ExecContext(ctx, "UPDATE reactor_checkpoints SET position = ?, prepare = ?, updated_at = ? WHERE name = ? AND position = ? AND prepare = ?",
			int64(to.Commit()), int64(to.Prepare()), machinery.TimeText(at), name, int64(from.Commit()), int64(from.Prepare()))
	}
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, machinery.ErrFenced)
	}
	return nil
}
