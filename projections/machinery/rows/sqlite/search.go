package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"sleutelbos/projections/machinery"
)

// texts finds rows by words. It has a memory of the whole column with an index of trigrams, because
// such an index in the file would make each write ten times as expensive. Triggers note the numbers
// of the rows that change, so that a memory can follow what this process or another writes.
//
// A memory is loaded beside everything else, from the moment when its table is live. A search that
// comes before does without it where looking at one row after the other is soon enough, and finds the same.
type texts struct {
	db       *DB
	memories sync.Map      // table.column → *memory; there are as many as columns that are searched
	orders   sync.Map      // table → columns, by what Live said of it
	walk     time.Duration // how long a look at one row after the other may take before a memory is waited for

	loads   context.Context //nolint:containedctx // of the loadings, until the engine is closed
	stop    context.CancelFunc
	loading sync.WaitGroup // the loadings that are under way
}

func newTexts(db *DB) *texts {
	t := &texts{db: db, walk: 250 * time.Millisecond}
	t.loads, t.stop = context.WithCancel(context.Background())
	return t
}

// close ends the loadings.
func (t *texts) close() {
	t.stop()
	t.loading.Wait()
}

// changedTable returns the name of the table that has the numbers of the rows that changed.
func changedTable(table string) string { return table + "__changed" }

// keptChanges is how many changes are kept for memories to follow. The older ones are removed
// after every so many changes as pruneEvery says.
const (
	keptChanges = 10_000
	pruneEvery  = 1_000
)

// ordering returns the columns by which the rows stand in a memory.
func ordering(def machinery.Definition) []string {
	if def.Order == "" {
		return nil
	}
	return []string{def.Order, def.Within}
}

// noteChanges begins to note the changes of a table that just went live. Their numbers begin
// at random, so that a memory which followed an earlier table does not find its place.
func noteChanges(w *writer, def machinery.Definition) error {
	if len(def.Searched()) == 0 {
		return nil
	}
	differs := make([]string, 0, 1)
	for _, column := range append(def.Searched(), ordering(def)...) {
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

// The pace of loading.
const (
	loadPatience = 50 * time.Millisecond // how long a search waits for a loading; small tables take less
	fewUnsorted  = 20_000                // changed entries that a memory may have, and
	unsortedOf   = 16                    // one more for so many sorted ones, before it is loaded anew
)

// Live implements machinery.DB.
func (db *DB) Live(def machinery.Definition) { db.texts.live(def) }

func (t *texts) live(def machinery.Definition) {
	if len(def.Searched()) == 0 {
		return
	}
	if def.Order != "" {
		t.orders.Store(def.Name, columns{table: def.Name, order: def.Order, key: def.Key().Name, within: def.Within})
	}
	for _, column := range def.Searched() {
		of := t.columnsOf(def.Name, column)
		m := t.memoryOf(of)
		m.Lock()
		if !m.loaded || m.of != of {
			t.begin(m, of)
		}
		m.Unlock()
	}
}

// columnsOf returns what the memory of a searched column is made from.
func (t *texts) columnsOf(table, searched string) columns {
	of := columns{table: table}
	if ordered, ok := t.orders.Load(table); ok {
		of, _ = ordered.(columns)
	}
	of.searched = searched
	return of
}

func (t *texts) memoryOf(of columns) *memory {
	kept, _ := t.memories.LoadOrStore(of.table+"."+of.searched, &memory{})
	return kept.(*memory)
}

// begin loads a memory, unless that is under way. The lock is held. A memory that was loaded before
// is used until then.
func (t *texts) begin(m *memory, of columns) {
	if m.loading != nil {
		return
	}
	done := make(chan struct{})
	m.loading = done
	t.loading.Go(func() {
		loaded, err := t.load(t.loads, of)
		m.Lock()
		defer m.Unlock()
		if m.failed = err; err == nil {
			m.content, m.loaded = loaded, true
		}
		m.loading = nil
		close(done)
	})
}

// ready says whether a memory is loaded, and waits a moment for one that is not.
func (t *texts) ready(ctx context.Context, m *memory, of columns) (bool, error) {
	m.Lock()
	if m.loaded {
		m.Unlock()
		return true, nil
	}
	t.begin(m, of)
	done := m.loading
	m.Unlock()
	wait := time.NewTimer(loadPatience)
	defer wait.Stop()
	select {
	case <-done:
	case <-wait.C:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
	m.RLock()
	defer m.RUnlock()
	return m.loaded, m.failed
}

// wait returns when a memory is loaded.
func (t *texts) wait(ctx context.Context, table, column string) error {
	m := t.memoryOf(t.columnsOf(table, column))
	m.RLock()
	done := m.loading
	m.RUnlock()
	if done == nil {
		return nil
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// current returns the memory of a column as the table is now or was a moment ago, and false if it is
// being loaded.
func (t *texts) current(ctx context.Context, table, column string) (*memory, bool, error) {
	of := t.columnsOf(table, column)
	m := t.memoryOf(of)
	for range 2 {
		ok, err := t.ready(ctx, m, of)
		if err != nil || !ok {
			return nil, false, err
		}
		last, err := t.lastChange(ctx, table)
		if err != nil {
			return nil, false, err
		}
		m.RLock()
		behind := m.change != last
		m.RUnlock()
		if !behind {
			return m, true, nil
		}
		if ok, err = t.catchUp(ctx, m, of); err != nil || ok {
			return m, ok, err
		}
	}
	return nil, false, nil
}

// catchUp lets a memory follow the changes. It returns false if it can't and is loaded anew.
func (t *texts) catchUp(ctx context.Context, m *memory, of columns) (bool, error) {
	m.Lock()
	defer m.Unlock()
	if !m.loaded {
		return false, nil // another search found that it was lost
	}
	err := t.follow(ctx, m)
	if errors.Is(err, errLost) {
		m.loaded = false
		t.begin(m, of)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("remember %s of %s: %w", of.searched, of.table, err)
	}
	if of.order != "" && len(m.places) > fewUnsorted+int(m.sorted)/unsortedOf {
		t.begin(m, of)
	}
	return true, nil
}

// search returns the numbers of the rows whose column holds all words, of an owner if one is named, as
// they are now or a little later. It returns false if there are too many of them to list, with the
// first of them, or if the memory is being loaded: then the rows are nil, as they are in no other case.
func (t *texts) search(ctx context.Context, table, column string, words []string, owner string) ([]int64, bool, error) {
	m, ok, err := t.current(ctx, table, column)
	if err != nil || !ok {
		return nil, false, err
	}
	m.RLock()
	defer m.RUnlock()
	if m.of.within == "" {
		owner = ""
	}
	rows, few := m.find(words, owner, mostListed)
	return rows, few, nil
}

// first returns the first rows, see content.first. It returns false if the memory has another order or
// is being loaded.
func (t *texts) first(ctx context.Context, f machinery.First) (rows []int64, all, ok bool, err error) {
	m, ok, err := t.current(ctx, f.Table, f.Column)
	if err != nil || !ok {
		return nil, false, false, err
	}
	var after *behind
	if f.After != nil {
		if after, ok, err = t.behind(ctx, f); err != nil || !ok {
			return nil, false, false, err
		}
	}
	m.RLock()
	defer m.RUnlock()
	if m.of.order == "" || m.of.order != f.Order {
		return nil, false, false, nil
	}
	rows, all, ok = m.content.first(f.Words, f.Within, after, f.Descending, f.Most)
	return rows, all, ok, nil
}

// behind returns the row that a page ended with, and false if it is gone.
func (t *texts) behind(ctx context.Context, f machinery.First) (*behind, bool, error) {
	of := t.columnsOf(f.Table, f.Column)
	if of.order == "" {
		return nil, false, nil
	}
	row, err := machinery.Get[int64](ctx, t.db, "SELECT rowid FROM "+f.Table+" WHERE "+of.key+" = $1 AND "+of.order+" = $2", f.After.Key, f.After.Value)
	if errors.Is(err, machinery.ErrNoRow) {
		return nil, false, nil
	}
	return &behind{row, place{f.After.Value, f.After.Key}}, err == nil, err
}

func (t *texts) lastChange(ctx context.Context, table string) (int64, error) {
	return machinery.Get[int64](ctx, t.db, "SELECT max(seq) FROM "+changedTable(table))
}

// errLost says that the last change which a memory knows is no longer kept, or is one of
// another table.
var errLost = errors.New("the changes can't be followed")

// selected returns the columns of a row that a memory keeps beside its number.
func (of columns) selected() string {
	if of.order == "" {
		return of.searched + ", '', '', ''"
	}
	return strings.Join([]string{of.searched, of.within, of.order, of.key}, ", ")
}

// follow reads the rows that changed since the last change that the memory knows. It reads
// them as they are now, so that reading one of them again does no harm.
func (t *texts) follow(ctx context.Context, m *memory) error {
	var kept []string
	for column := range strings.SplitSeq(m.of.selected(), ", ") {
		kept = append(kept, "coalesce("+column+", '')")
	}
	changes := strings.NewReplacer("{kept}", strings.Join(kept, ", "), "{changed}", changedTable(m.of.table), "{table}", m.of.table).Replace(
		"SELECT seq, n, {table}.rowid IS NOT NULL, {kept} FROM {changed} LEFT JOIN {table} ON {table}.rowid = n WHERE seq >= $1 ORDER BY seq")
	known := m.change
	found := false
	err := t.db.readers.query(ctx, func(change machinery.Scanner) (bool, error) {
		var seq, row int64
		var there bool
		var text, owner string
		var at place
		if err := change.Scan(&seq, &row, &there, &text, &owner, &at.value, &at.key); err != nil {
			return false, err
		}
		switch {
		case !found && seq != known:
			return false, errLost
		case !found:
			found = true
			return true, nil
		case there:
			m.put(row, text, owner, at)
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
func (t *texts) load(ctx context.Context, of columns) (content, error) {
	last, err := t.lastChange(ctx, of.table)
	if err != nil {
		return content{}, err
	}
	rows, err := machinery.Get[int64](ctx, t.db, "SELECT count(*) FROM "+of.table)
	if err != nil {
		return content{}, err
	}
	m := newContent(of, int(rows))
	m.change = last
	if of.order == "" {
		err = t.each(ctx, of, func(row int64, text, _ string) { m.put(row, text, "", place{}) })
		return m, err
	}
	return m, t.loadSorted(ctx, &m, int(rows))
}

// loadSorted reads the rows as they stand in the file, which is quick, and then only their order, for
// which there is an index.
func (t *texts) loadSorted(ctx context.Context, m *content, rows int) error {
	type kept struct {
		start, end int
		owner      uint32
	}
	all, texts := make(map[int64]kept, rows), []byte{}
	err := t.each(ctx, m.of, func(row int64, text, owner string) {
		all[row] = kept{len(texts), len(texts) + len(text), m.numberOf(owner)}
		texts = append(texts, text...)
	})
	if err != nil {
		return err
	}
	return t.db.working.query(ctx, func(result machinery.Scanner) (bool, error) {
		var row int64
		if err := result.Scan(&row); err != nil {
			return false, err
		}
		if k, ok := all[row]; ok {
			m.add(row, texts[k.start:k.end], k.owner)
			m.sorted++
			delete(all, row) // moved while it was read, it might come again
		}
		return true, nil
	}, "SELECT rowid FROM "+m.of.table+" ORDER BY "+m.of.order+", "+m.of.key, nil)
}

// each gives every row with its text and its owner.
func (t *texts) each(ctx context.Context, of columns, take func(row int64, text, owner string)) error {
	searched, owner := of.searched, of.within
	if owner == "" {
		owner = "''"
	}
	return t.db.working.query(ctx, func(result machinery.Scanner) (bool, error) {
		var row int64
		var text, owner string
		if err := result.Scan(&row, &text, &owner); err != nil {
			return false, err
		}
		take(row, text, owner)
		return true, nil
	}, "SELECT rowid, "+searched+", "+owner+" FROM "+of.table, nil)
}
