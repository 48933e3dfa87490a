package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

var sqlTypes = map[machinery.Kind]string{
	machinery.Text: "TEXT", machinery.Int: "INTEGER", machinery.Bool: "BOOLEAN",
	machinery.Time: "TEXT", machinery.Bytes: "BLOB", machinery.List: "TEXT",
}

// rowNumber names the rowid, by which a memory of texts knows a row. Without a name the rowids
// would change when somebody vacuums the file.
const rowNumber = "_n"

func createTable(def machinery.Definition, physical string) string {
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

func hasRowNumber(def machinery.Definition) bool {
	return len(def.Searched()) > 0 && def.Key().Kind == machinery.Text
}

// Table implements machinery.DB.
func (db *DB) Table(ctx context.Context, name string) (machinery.Standing, bool, error) {
	var s machinery.Standing
	var done int64
	var stored machinery.StoredCheckpoint
	stmt, err := db.working.stmt(ctx, "SELECT fingerprint, position, prepare, events_done, updated_at, last_event FROM checkpoints WHERE name = ?")
	if err != nil {
		return s, false, err
	}
	err = stmt.QueryRowContext(ctx, name).Scan(&s.Fingerprint, &stored.Commit, &stored.Prepare, &done, &stored.UpdatedAt, &stored.Last)
	if errors.Is(err, sql.ErrNoRows) {
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
		return w.once("INSERT INTO checkpoints (name, position, prepare, events_done, updated_at, fingerprint, generation) VALUES (?, 0, 0, 0, '', ?, ?)", physical, def.Fingerprint(), generation+1)
	})
}

// Remove implements machinery.DB.
func (db *DB) Remove(ctx context.Context, physical string) error {
	return db.writer.alone(ctx, func(w *writer) error { return remove(w, physical) })
}

func remove(w *writer, physical string) error {
	return errors.Join(
		w.forget(),
		w.once("DROP TABLE IF EXISTS "+physical),
		w.once("DROP TABLE IF EXISTS "+texts.ChangedTable(physical)),
		w.once("DELETE FROM checkpoints WHERE name = ?", physical),
	)
}

// Finish implements machinery.DB. Each statement is by itself, so that live projections write between
// two of them: making an index of many rows takes long.
func (db *DB) Finish(ctx context.Context, def machinery.Definition, physical string) error {
	var generation int64
	err := db.writer.alone(ctx, func(w *writer) (err error) {
		generation, err = w.number("SELECT generation FROM checkpoints WHERE name = ?", physical)
		return err
	})
	if err != nil {
		return err
	}
	for _, statement := range def.Statements(physical, fmt.Sprintf("%s_i%d", def.Name, generation)) {
		if err := db.writer.alone(ctx, func(w *writer) error { return w.once(statement) }); err != nil {
			return fmt.Errorf("the schema of %s: %w", def.Name, err)
		}
	}
	return nil
}

// Switch implements machinery.DB.
func (db *DB) Switch(ctx context.Context, def machinery.Definition, physical string, to machinery.Checkpoint) error {
	return db.writer.alone(ctx, func(w *writer) error {
		stored := to.Stored()
		ahead, err := w.number("SELECT count(*) FROM checkpoints WHERE name = ? AND (position, prepare) > (?, ?)",
			def.Name, stored.Commit, stored.Prepare)
		if err != nil {
			return err
		}
		if ahead > 0 {
			return machinery.ErrFenced
		}
		if err := remove(w, def.Name); err != nil {
			return err
		}
		if err := w.once("ALTER TABLE " + physical + " RENAME TO " + def.Name); err != nil {
			return err
		}
		err = w.once("UPDATE checkpoints SET name = ?, position = ?, prepare = ?, events_done = ?, updated_at = ?, last_event = ? WHERE name = ?",
			def.Name, stored.Commit, stored.Prepare, to.EventsDone, stored.UpdatedAt, stored.Last, physical)
		if err != nil {
			return err
		}
		return noteChanges(w, def)
	})
}
