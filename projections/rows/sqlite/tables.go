package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/projections"
)

var sqlTypes = map[projections.Kind]string{
	projections.Text: "TEXT", projections.Int: "INTEGER", projections.Bool: "BOOLEAN",
	projections.Time: "TEXT", projections.Bytes: "BLOB", projections.List: "TEXT",
}

// rowNumber names the rowid, by which a memory knows a row: one without a name would
// change when someone vacuums the file.
const rowNumber = "_n"

func createTable(def projections.Definition, physical string) string {
	var columns []string
	if hasRowNumber(def) {
		columns = append(columns, rowNumber+" INTEGER PRIMARY KEY")
	}
	for i, c := range def.Columns {
		column := c.Name + " " + sqlTypes[c.Kind]
		switch {
		case i == 0 && hasRowNumber(def):
			column += " UNIQUE"
		case i == 0:
			column += " PRIMARY KEY"
		}
		columns = append(columns, column+" NOT NULL")
	}
	return "CREATE TABLE " + physical + " (" + strings.Join(columns, ", ") + ")"
}

func hasRowNumber(def projections.Definition) bool {
	return len(def.Searched()) > 0 && def.Key().Kind == projections.Text
}

// Table implements projections.DB.
func (db *DB) Table(ctx context.Context, name string) (projections.Standing, bool, error) {
	var s projections.Standing
	var updated string
	stmt, err := db.stmt(ctx, "SELECT fingerprint, position, events_done, updated_at FROM checkpoints WHERE name = ?")
	if err != nil {
		return s, false, err
	}
	err = stmt.QueryRowContext(ctx, name).Scan(&s.Fingerprint, &s.Checkpoint.Position, &s.Checkpoint.EventsDone, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	if err == nil {
		s.Checkpoint.UpdatedAt, err = projections.ParseTime(updated)
	}
	return s, true, err
}

// Checkpoint implements projections.DB.
func (db *DB) Checkpoint(ctx context.Context, name string) (projections.Checkpoint, error) {
	s, _, err := db.Table(ctx, name)
	return s.Checkpoint, err
}

// Create implements projections.DB.
func (db *DB) Create(ctx context.Context, def projections.Definition, physical string) error {
	return db.writer.alone(ctx, func(w *writer) error {
		generation, err := w.number("SELECT coalesce(max(generation), 0) FROM checkpoints WHERE name IN (?, ?)", def.Name, physical)
		if err != nil {
			return err
		}
		if err := remove(w, physical); err != nil {
			return err
		}
		if err := w.once(createTable(def, physical)); err != nil {
			return err
		}
		return w.once("INSERT INTO checkpoints VALUES (?, 0, 0, '', ?, ?)", physical, def.Fingerprint(), generation+1)
	})
}

// Remove implements projections.DB.
func (db *DB) Remove(ctx context.Context, physical string) error {
	return db.writer.alone(ctx, func(w *writer) error { return remove(w, physical) })
}

func remove(w *writer, physical string) error {
	return errors.Join(
		w.forget(),
		w.once("DROP TABLE IF EXISTS "+physical),
		w.once("DROP TABLE IF EXISTS "+changedTable(physical)),
		w.once("DELETE FROM checkpoints WHERE name = ?", physical),
	)
}

// Finish implements projections.DB.
func (db *DB) Finish(ctx context.Context, def projections.Definition, physical string) error {
	return db.writer.alone(ctx, func(w *writer) error {
		generation, err := w.number("SELECT generation FROM checkpoints WHERE name = ?", physical)
		if err != nil {
			return err
		}
		for _, statement := range def.Statements(physical, fmt.Sprintf("%s_i%d", def.Name, generation)) {
			if err := w.once(statement); err != nil {
				return fmt.Errorf("the schema of %s: %w", def.Name, err)
			}
		}
		return nil
	})
}

// Switch implements projections.DB.
func (db *DB) Switch(ctx context.Context, def projections.Definition, physical string, to projections.Checkpoint) error {
	return db.writer.alone(ctx, func(w *writer) error {
		live, err := w.number("SELECT position FROM checkpoints WHERE name = ?", def.Name)
		if err != nil {
			return err
		}
		if eventstore.Position(live) > to.Position {
			return projections.ErrFenced
		}
		if err := remove(w, def.Name); err != nil {
			return err
		}
		if err := w.once("ALTER TABLE " + physical + " RENAME TO " + def.Name); err != nil {
			return err
		}
		err = w.once("UPDATE checkpoints SET name = ?, position = ?, events_done = ?, updated_at = ? WHERE name = ?",
			def.Name, int64(to.Position), to.EventsDone, projections.TimeText(to.UpdatedAt), physical)
		if err != nil {
			return err
		}
		return noteChanges(w, def)
	})
}
