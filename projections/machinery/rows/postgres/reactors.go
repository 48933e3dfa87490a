package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// ReactorCheckpoint implements machinery.DB.
func (db *DB) ReactorCheckpoint(ctx context.Context, name string) (machinery.Checkpoint, bool, error) {
	var c machinery.Checkpoint
	var commit, prepare int64
	var updated string
	err := again(db.working, func() error {
		return db.working.QueryRow(ctx, "SELECT position, prepare, updated_at FROM reactors.checkpoints WHERE name = $1", name).Scan(&commit, &prepare, &updated)
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

// SaveReactor implements machinery.DB. It does not use a connection of the writers, because
// their commits are not durable.
func (db *DB) SaveReactor(ctx context.Context, name string, from, to eventstore.Position, at time.Time) error {
	query := "UPDATE reactors.checkpoints SET position = $2, prepare = $3, updated_at = $4 WHERE name = $1 AND position = $5 AND prepare = $6"
	args := []any{name, int64(to.Commit()), int64(to.Prepare()), machinery.TimeText(at), int64(from.Commit()), int64(from.Prepare())}
	if from == machinery.NeverRan {
		query, args = "INSERT INTO reactors.checkpoints (name, position, prepare, updated_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", args[:4]
	}
	tag, err := db.working.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return machinery.ErrFenced
	}
	return nil
}
