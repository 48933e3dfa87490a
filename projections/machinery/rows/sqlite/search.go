package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sleutelbos/projections/machinery"
)

// Searches look into a memory of the column, since an index of trigrams would cost each
// write ten times what its row does. The numbers of the rows that change are noted beside
// the table, so that a memory can follow whoever writes, in this process or another.
func changedTable(table string) string { return table + "__changed" }

// How many changes are kept for memories to follow, and how often the older ones go.
const (
	keptChanges = 10_000
	pruneEvery  = 1_000
)

// noteChanges begins to note the changes of a table that just went live. Their sequence
// begins anywhere, so that the place a memory knows from an earlier table is not in it.
func noteChanges(w *writer, def machinery.Definition) error {
	if len(def.Searched()) == 0 {
		return nil
	}
	differs := make([]string, 0, 1)
	for _, column := range def.Searched() {
		differs = append(differs, "old."+column+" <> new."+column)
	}
	names := strings.NewReplacer("{table}", def.Name, "{changed}", changedTable(def.Name), "{differs}", strings.Join(differs, " OR "))
	for _, statement := range []string{
		"CREATE TABLE {changed} (seq INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
		"INSERT INTO {changed} VALUES (random() >> 2, 0)",
		"CREATE TRIGGER {table}__inserted AFTER INSERT ON {table} BEGIN INSERT INTO {changed} (n) VALUES (new.rowid); END",
		"CREATE TRIGGER {table}__updated AFTER UPDATE ON {table} WHEN {differs} BEGIN INSERT INTO {changed} (n) VALUES (new.rowid); END",
		"CREATE TRIGGER {table}__deleted AFTER DELETE ON {table} BEGIN INSERT INTO {changed} (n) VALUES (old.rowid); END",
		fmt.Sprintf("CREATE TRIGGER {table}__pruned AFTER INSERT ON {changed} WHEN new.seq %% %d = 0 BEGIN DELETE FROM {changed} WHERE seq <= new.seq - %d; END", pruneEvery, keptChanges),
	} {
		if err := w.once(names.Replace(statement)); err != nil {
			return err
		}
	}
	return nil
}

// mostListed is how many rows a search lists. A text that more hold is found sooner by
// walking the rows in the order that is asked for.
const mostListed = 5_000

// search answers the numbers of the rows whose column holds a text, as they stand now or
// later; false if they are too many to list.
func (db *DB) search(ctx context.Context, table, column, text string) ([]int64, bool, error) {
	kept, _ := db.memories.LoadOrStore(table+"."+column, &memory{})
	m := kept.(*memory)
	last, err := db.lastChange(ctx, table)
	if err != nil {
		return nil, false, err
	}
	m.RLock()
	behind := m.change != last
	m.RUnlock()
	if behind {
		if err := db.catchUp(ctx, table, column, m); err != nil {
			return nil, false, fmt.Errorf("remember %s of %s: %w", column, table, err)
		}
	}
	m.RLock()
	defer m.RUnlock()
	rows, few := m.find([]byte(text), mostListed)
	return rows, few, nil
}

func (db *DB) lastChange(ctx context.Context, table string) (int64, error) {
	return machinery.Get[int64](ctx, db, "SELECT max(seq) FROM "+changedTable(table))
}

// catchUp follows the changes, or loads everything if they can't be followed.
func (db *DB) catchUp(ctx context.Context, table, column string, m *memory) error {
	m.Lock()
	defer m.Unlock()
	err := db.follow(ctx, table, column, m)
	if !errors.Is(err, errLost) {
		return err
	}
	loaded, err := db.load(ctx, table, column)
	if err == nil {
		m.change, m.text, m.entries, m.of = loaded.change, loaded.text, loaded.entries, loaded.of
	}
	return err
}

// errLost says that the change which a memory knows is kept no more, or another table's.
var errLost = errors.New("the changes can't be followed")

// follow reads the rows that changed as they are now: what is read once more is the same.
func (db *DB) follow(ctx context.Context, table, column string, m *memory) error {
	changes := fmt.Sprintf("SELECT seq, n, %s.rowid IS NOT NULL, coalesce(%s, '') FROM %s LEFT JOIN %s ON %s.rowid = n WHERE seq >= $1 ORDER BY seq",
		table, column, changedTable(table), table, table)
	known := m.change
	found := false
	for change, err := range db.Query(ctx, changes, known) {
		if err != nil {
			return err
		}
		var seq, row int64
		var there bool
		var text string
		if err := change.Scan(&seq, &row, &there, &text); err != nil {
			return err
		}
		switch {
		case !found && seq != known:
			return errLost
		case !found:
			found = true
			continue
		case there:
			m.put(row, text)
		default:
			m.forget(row)
		}
		m.change = seq
	}
	if !found {
		return errLost
	}
	return nil
}

// load reads every row. What changes after the last change was asked for is read by the
// next to follow, again or for the first time.
func (db *DB) load(ctx context.Context, table, column string) (*memory, error) {
	last, err := db.lastChange(ctx, table)
	if err != nil {
		return nil, err
	}
	m := &memory{change: last}
	for result, err := range db.Query(ctx, "SELECT rowid, "+column+" FROM "+table) {
		if err != nil {
			return nil, err
		}
		var row int64
		var text string
		if err := result.Scan(&row, &text); err != nil {
			return nil, err
		}
		m.put(row, text)
	}
	return m, nil
}
