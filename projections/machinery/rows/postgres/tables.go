package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

// Texts sort bytewise, as they do in SQLite and in the program itself.
var sqlTypes = map[machinery.Kind]string{
	machinery.Text: `text COLLATE "C"`, machinery.Int: "bigint", machinery.Bool: "boolean",
	machinery.Time: `text COLLATE "C"`, machinery.Bytes: "bytea", machinery.List: `text COLLATE "C"`,
}

func createTable(def machinery.Definition, physical string) string {
	columns := make([]string, len(def.Columns))
	for i, c := range def.Columns {
		columns[i] = c.Name + " " + sqlTypes[c.Kind] + " NOT NULL"
	}
	if len(def.Searched()) > 0 {
		columns = append(columns, rowNumber+" bigint GENERATED ALWAYS AS IDENTITY UNIQUE")
	}
	return "CREATE TABLE " + physical + " (" + strings.Join(columns, ", ") + ")"
}

// Table implements machinery.DB.
func (db *DB) Table(ctx context.Context, name string) (machinery.Standing, bool, error) {
	var s machinery.Standing
	var done int64
	var stored machinery.StoredCheckpoint
	err := again(db.working, func() error {
		return db.working.QueryRow(ctx, "SELECT fingerprint, position, prepare, events_done, updated_at, last_event FROM checkpoints WHERE name = $1", name).
			Scan(&s.Fingerprint, &stored.Commit, &stored.Prepare, &done, &stored.UpdatedAt, &stored.Last)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return s, false, nil
	}
	if err == nil {
		s.Checkpoint, err = stored.Checkpoint()
		s.Checkpoint.EventsDone = done
	}
	return s, true, err
}

// Checkpoint implements machinery.DB.
func (db *DB) Checkpoint(ctx context.Context, name string) (machinery.Checkpoint, error) {
	s, _, err := db.Table(ctx, name)
	return s.Checkpoint, err
}

// Create implements machinery.DB.
func (db *DB) Create(ctx context.Context, def machinery.Definition, physical string) error {
	return db.transaction(ctx, func(tx pgx.Tx) error {
		var generation int64
		if err := tx.QueryRow(ctx, "SELECT coalesce(max(generation), 0) + 1 FROM checkpoints WHERE name IN ($1, $2)", def.Name, physical).Scan(&generation); err != nil {
			return err
		}
		return errors.Join(
			remove(ctx, tx, physical),
			exec(ctx, tx, createTable(def, physical)),
			exec(ctx, tx, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s_key PRIMARY KEY (%s)", physical, indexName(def, physical, generation), def.Key().Name)),
			exec(ctx, tx, "INSERT INTO checkpoints (name, position, prepare, events_done, updated_at, fingerprint, generation) VALUES ($1, 0, 0, 0, '', $2, $3)", physical, def.Fingerprint(), generation),
		)
	})
}

// indexName returns how the names of a table's indexes begin. Indexes keep their names when the
// table is renamed.
func indexName(def machinery.Definition, physical string, generation int64) string {
	if !strings.HasSuffix(physical, "__rebuild") && physical != def.Name {
		return physical + "_i"
	}
	return fmt.Sprintf("%s_i%d", def.Name, generation)
}

func exec(ctx context.Context, tx pgx.Tx, query string, args ...any) error {
	_, err := tx.Exec(ctx, query, args...)
	return err
}

// Remove implements machinery.DB.
func (db *DB) Remove(ctx context.Context, physical string) error {
	return db.transaction(ctx, func(tx pgx.Tx) error { return remove(ctx, tx, physical) })
}

func remove(ctx context.Context, tx pgx.Tx, physical string) error {
	return errors.Join(
		exec(ctx, tx, "DROP TABLE IF EXISTS "+physical+", "+texts.ChangedTable(physical)),
		exec(ctx, tx, "DROP FUNCTION IF EXISTS "+noteFunction(physical)),
		exec(ctx, tx, "DELETE FROM checkpoints WHERE name = $1", physical),
	)
}

// Finish implements machinery.DB.
func (db *DB) Finish(ctx context.Context, def machinery.Definition, physical string) error {
	return db.transaction(ctx, func(tx pgx.Tx) error {
		var generation int64
		if err := tx.QueryRow(ctx, "SELECT generation FROM checkpoints WHERE name = $1", physical).Scan(&generation); err != nil {
			return err
		}
		for _, statement := range append(def.Statements(physical, indexName(def, physical, generation)), "ANALYZE "+physical) {
			if err := exec(ctx, tx, statement); err != nil {
				return fmt.Errorf("the schema of %s: %w", def.Name, err)
			}
		}
		return nil
	})
}

// Switch implements machinery.DB.
func (db *DB) Switch(ctx context.Context, def machinery.Definition, physical string, to machinery.Checkpoint) error {
	return db.transaction(ctx, func(tx pgx.Tx) error {
		// Whoever reads the old table holds its removal up, and whoever reads after that would wait
		// for the removal. So that waits for a moment only, and comes again.
		if err := exec(ctx, tx, "SET LOCAL lock_timeout = '200ms'"); err != nil {
			return err
		}
		var commit, prepare int64
		err := tx.QueryRow(ctx, "SELECT position, prepare FROM checkpoints WHERE name = $1 FOR UPDATE", def.Name).Scan(&commit, &prepare)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if eventstore.NewPosition(uint64(commit), uint64(prepare)).After(to.Position) {
			return machinery.ErrFenced
		}
		stored := to.Stored()
		return errors.Join(
			remove(ctx, tx, def.Name),
			exec(ctx, tx, "ALTER TABLE "+physical+" RENAME TO "+def.Name),
			exec(ctx, tx, "UPDATE checkpoints SET name = $1, position = $2, prepare = $3, events_done = $4, updated_at = $5, last_event = $6 WHERE name = $7",
				def.Name, stored.Commit, stored.Prepare, to.EventsDone, stored.UpdatedAt, stored.Last, physical),
			noteChanges(ctx, tx, def),
		)
	})
}
