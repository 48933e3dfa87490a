package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"sleutelbos/projections/machinery"
)

// texts finds rows by words. It has a memory of the whole column with an index of trigrams, because
// such an index in the file would make each write ten times as expensive. Triggers note the numbers
// of the rows that change, so that a memory can follow what this process or another writes.
type texts struct {
	db       *DB
	memories sync.Map // table.column → *memory
}

// changedTable returns the name of the table that has the numbers of the rows that changed.
func changedTable(table string) string { return table + "__changed" }

// keptChanges is how many changes are kept for memories to follow. The older ones are removed
// after every so many changes as pruneEvery says.
const (
	keptChanges = 10_000
	pruneEvery  = 1_000
)

// noteChanges begins to note the changes of a table that just went live. Their numbers begin
// at random, so that a memory which followed an earlier table does not find its place.
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

// mostListed is how many rows a search lists. Words that more rows have are found sooner by
// walking over the rows in the order that the query wants.
const mostListed = machinery.MostCounted

// search returns the numbers of the rows whose column holds all words, as they are now or a
// little later. It returns false if there are too many of them to list, with the first of them.
func (t *texts) search(ctx context.Context, table, column string, words []string) ([]int64, bool, error) {
	kept, _ := t.memories.LoadOrStore(table+"."+column, &memory{})
	m := kept.(*memory)
	last, err := t.lastChange(ctx, table)
	if err != nil {
		return nil, false, err
	}
	m.RLock()
	behind := m.change != last
	m.RUnlock()
	if behind {
		if err := t.catchUp(ctx, table, column, m); err != nil {
			return nil, false, fmt.Errorf("remember %s of %s: %w", column, table, err)
		}
	}
	m.RLock()
	defer m.RUnlock()
	rows, few := m.find(words, mostListed)
	return rows, few, nil
}

func (t *texts) lastChange(ctx context.Context, table string) (int64, error) {
	return machinery.Get[int64](ctx, t.db, "SELECT max(seq) FROM "+changedTable(table))
}

// catchUp brings a memory up to date: it follows the changes, or loads everything if it
// cannot.
func (t *texts) catchUp(ctx context.Context, table, column string, m *memory) error {
	m.Lock()
	defer m.Unlock()
	err := t.follow(ctx, table, column, m)
	if !errors.Is(err, errLost) {
		return err
	}
	loaded, err := t.load(ctx, table, column)
	if err == nil {
		m.change, m.text, m.entries, m.of, m.index = loaded.change, loaded.text, loaded.entries, loaded.of, loaded.index
	}
	return err
}

// errLost says that the last change which a memory knows is no longer kept, or is one of
// another table.
var errLost = errors.New("the changes can't be followed")

// follow reads the rows that changed since the last change that the memory knows. It reads
// them as they are now, so that reading one of them again does no harm.
func (t *texts) follow(ctx context.Context, table, column string, m *memory) error {
	changes := fmt.Sprintf("SELECT seq, n, %s.rowid IS NOT NULL, coalesce(%s, '') FROM %s LEFT JOIN %s ON %s.rowid = n WHERE seq >= $1 ORDER BY seq",
		table, column, changedTable(table), table, table)
	known := m.change
	found := false
	err := t.db.readers.query(ctx, func(change machinery.Scanner) (bool, error) {
		var seq, row int64
		var there bool
		var text string
		if err := change.Scan(&seq, &row, &there, &text); err != nil {
			return false, err
		}
		switch {
		case !found && seq != known:
			return false, errLost
		case !found:
			found = true
			return true, nil
		case there:
			m.put(row, text)
		default:
			m.forget(row)
		}
		m.change = seq
		return true, nil
	}, changes, []any{known})
	if err == nil && !found {
		return errLost
	}
	return err
}

// load reads every row. It asks for the last change first. Rows that change after that are
// read by the next follow, some of them for the second time.
func (t *texts) load(ctx context.Context, table, column string) (*memory, error) {
	last, err := t.lastChange(ctx, table)
	if err != nil {
		return nil, err
	}
	m := &memory{change: last}
	err = t.db.readers.query(ctx, func(result machinery.Scanner) (bool, error) {
		var row int64
		var text string
		if err := result.Scan(&row, &text); err != nil {
			return false, err
		}
		m.put(row, text)
		return true, nil
	}, "SELECT rowid, "+column+" FROM "+table, nil)
	return m, err
}
