package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// ReactorCheckpoint implements machinery.DB.
func (db *DB) ReactorCheckpoint(ctx context.Context, name string) (machinery.Checkpoint, bool, error) {
	var stored machinery.StoredCheckpoint
	err := again(db.working, func() error {
		return db.working.QueryRow(ctx, "SELECT position, prepare, updated_at, last_event FROM reactors.checkpoints WHERE name = $1", name).
			Scan(&stored.Commit, &stored.Prepare, &stored.UpdatedAt, &stored.Last)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return machinery.Checkpoint{}, false, nil
	}
	if err != nil {
		return machinery.Checkpoint{}, true, err
	}
	c, err := stored.Checkpoint()
	return c, true, err
}

// SaveReactor implements machinery.DB. It does not use a connection of the writers, because
// their commits are not durable.
func (db *DB) SaveReactor(ctx context.Context, name string, from eventstore.Position, to machinery.Checkpoint) error {
	query := "UPDATE reactors.checkpoints SET position = $2, prepare = $3, updated_at = $4, last_event = $5 WHERE name = $1 AND position = $6 AND prepare = $7"
	stored := to.Stored()
	args := []any{name, stored.Commit, stored.Prepare, stored.UpdatedAt, stored.Last, int64(from.Commit()), int64(from.Prepare())}
	if from == machinery.NeverRan {
		query, args = "INSERT INTO reactors.checkpoints (name, position, prepare, updated_at, last_event) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING", args[:5]
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

// Reactors implements machinery.DB.
func (db *DB) Reactors(ctx context.Context) ([]machinery.NamedCheckpoint, error) {
	rows, err := db.working.Query(ctx, "SELECT name, position, prepare, updated_at, last_event FROM reactors.checkpoints ORDER BY name COLLATE \"C\"")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c machinery.NamedCheckpoint, err error) {
		var stored machinery.StoredCheckpoint
		if err = row.Scan(&c.Name, &stored.Commit, &stored.Prepare, &stored.UpdatedAt, &stored.Last); err == nil {
			c.Checkpoint, err = stored.Checkpoint()
		}
		return c, err
	})
}
