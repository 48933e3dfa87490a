package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// ReactorCheckpoint implements machinery.DB.
func (db *DB) ReactorCheckpoint(ctx context.Context, name string) (machinery.Checkpoint, bool, error) {
	var stored machinery.StoredCheckpoint
	err := db.reactors.QueryRowContext(ctx, "SELECT position, prepare, updated_at, last_event FROM reactor_checkpoints WHERE name = ?", name).
		Scan(&stored.Commit, &stored.Prepare, &stored.UpdatedAt, &stored.Last)
	if errors.Is(err, sql.ErrNoRows) {
		return machinery.Checkpoint{}, false, nil
	}
	if err != nil {
		return machinery.Checkpoint{}, true, err
	}
	c, err := stored.Checkpoint()
	return c, true, err
}

// SaveReactor implements machinery.DB. Each commit waits for the disk, for which commands wait, too. So
// reactors that come to save while one is on its way share the next.
func (db *DB) SaveReactor(ctx context.Context, name string, from eventstore.Position, to machinery.Checkpoint) error {
	stored := to.Stored()
	query := "UPDATE reactor_checkpoints SET position = ?, prepare = ?, updated_at = ?, last_event = ? WHERE name = ? AND position = ? AND prepare = ?"
	args := []driver.Value{stored.Commit, stored.Prepare, stored.UpdatedAt, stored.Last, name, int64(from.Commit()), int64(from.Prepare())}
	if from == machinery.NeverRan {
		query, args = "INSERT INTO reactor_checkpoints (position, prepare, updated_at, last_event, name) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", args[:5]
	}
	return db.saves.together(ctx, func(w *writer) error {
		if n, err := w.changed(query, args...); err != nil {
			return err
		} else if n != 1 {
			return machinery.ErrFenced
		}
		return nil
	})
}

// Reactors implements machinery.DB.
func (db *DB) Reactors(ctx context.Context) ([]machinery.NamedCheckpoint, error) {
	rows, err := db.reactors.QueryContext(ctx, "SELECT name, position, prepare, updated_at, last_event FROM reactor_checkpoints ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []machinery.NamedCheckpoint
	for rows.Next() {
		var c machinery.NamedCheckpoint
		var stored machinery.StoredCheckpoint
		if err := rows.Scan(&c.Name, &stored.Commit, &stored.Prepare, &stored.UpdatedAt, &stored.Last); err != nil {
			return nil, err
		}
		if c.Checkpoint, err = stored.Checkpoint(); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}
