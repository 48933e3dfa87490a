package texts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sleutelbos/projections/machinery"
)

// Index finds rows by words. It has a memory of the whole column with an index of trigrams, because
// such an index in the database would make each write ten times as expensive. The engine notes the
// numbers of the rows that change, so that a memory can follow what this process or another writes.
//
// A memory is loaded beside everything else, from the moment when its table is live. A search that
// comes before does without it where looking at one row after the other is soon enough, and finds the same.
type Index struct {
	engine   Engine
	memories sync.Map      // table.column → *memory; there are as many as columns that are searched
	orders   sync.Map      // table → order, by what Live said of it
	walk     time.Duration // how long a look at one row after the other may take before a memory is waited for
	pace     time.Duration // how often memories follow what changed, whether somebody searches or not
	pacing   sync.Once

	loads   context.Context //nolint:containedctx // of the loadings, until the engine is closed
	stop    context.CancelFunc
	loading sync.WaitGroup // the loadings that are under way
}

// New returns the index of an engine.
func New(engine Engine) *Index {
	t := &Index{engine: engine, walk: 250 * time.Millisecond, pace: 2 * time.Second}
	t.loads, t.stop = context.WithCancel(context.Background())
	return t
}

// Stop ends the loadings.
func (t *Index) Stop() {
	t.stop()
	t.loading.Wait()
}

// mostListed is how many rows a search lists. Words that more rows have are found sooner by
// walking over the rows in the order that the query wants.
const mostListed = 5_000

// The pace of loading.
const (
	loadPatience = 50 * time.Millisecond // how long a search waits for a loading; small tables take less
	fewUnsorted  = 20_000                // changed entries that a memory may have, and
	unsortedOf   = 16                    // one more for so many sorted ones, before it is loaded anew
)

// Live implements machinery.DB.
func (t *Index) Live(def machinery.Definition) {
	if len(def.Searched()) == 0 {
		return
	}
	t.pacing.Do(func() { t.loading.Go(t.keepUp) })
	if def.Order != "" {
		t.orders.Store(def.Name, order{def.Facts, columns{table: def.Name, order: def.Order, key: def.Key().Name, within: def.Within, facts: factBits(def.Facts)}})
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

// Searchable implements machinery.DB.
func (t *Index) Searchable(def machinery.Definition) bool {
	return !slices.ContainsFunc(def.Searched(), func(column string) bool {
		m := t.memoryOf(t.columnsOf(def.Name, column))
		m.RLock()
		defer m.RUnlock()
		return m.loads == 0
	})
}

// keepUp lets the memories follow while nobody searches. After a busy night more rows would have changed
// than are kept to follow, and the first search of the morning would wait until everything is read again.
func (t *Index) keepUp() {
	tick := time.NewTicker(t.pace)
	defer tick.Stop()
	for {
		select {
		case <-t.loads.Done():
			return
		case <-tick.C:
		}
		for of := range t.memories.Range {
			table, column, _ := strings.Cut(of.(string), ".")
			_, _, _ = t.current(t.loads, table, column) // what fails fails again for the next search, which says so
		}
	}
}

// columnsOf returns what the memory of a searched column is made from.
func (t *Index) columnsOf(table, searched string) columns {
	of := t.orderOf(table).columns
	of.searched = searched
	return of
}

// order is what Live said of a table, but for the searched column.
type order struct {
	facts []machinery.Fact
	columns
}

func (t *Index) orderOf(table string) order {
	if ordered, ok := t.orders.Load(table); ok {
		return ordered.(order)
	}
	return order{columns: columns{table: table, facts: factBits(nil)}}
}

func (t *Index) memoryOf(of columns) *memory {
	kept, _ := t.memories.LoadOrStore(of.table+"."+of.searched, &memory{})
	return kept.(*memory)
}

// begin loads a memory, unless that is under way. The lock is held. A memory that was loaded before
// is used until then.
func (t *Index) begin(m *memory, of columns) {
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
			m.loads++
		}
		m.loading = nil
		close(done)
	})
}

// ready says whether a memory is loaded, and waits a moment for one that is not.
func (t *Index) ready(ctx context.Context, m *memory, of columns) (bool, error) {
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
func (t *Index) wait(ctx context.Context, table, column string) error {
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
func (t *Index) current(ctx context.Context, table, column string) (*memory, bool, error) {
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
func (t *Index) catchUp(ctx context.Context, m *memory, of columns) (bool, error) {
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

// search returns the numbers of the rows whose column holds all words and that may fit what is asked for beside, as
// they are now or a little later. It returns false if there are more than most, with the first of them,
// or if the memory is being loaded: then the rows are nil, as they are in no other case.
func (t *Index) search(ctx context.Context, f machinery.Found, most int) ([]int64, bool, error) {
	m, ok, err := t.current(ctx, f.Table, f.Column)
	if err != nil || !ok {
		return nil, false, err
	}
	m.RLock()
	defer m.RUnlock()
	rows, few := m.find(m.wanted(f, t.factsOf(m)), most)
	return rows, few, nil
}

// tally counts the rows that are found, up to a number. It returns false if the memory is being loaded.
func (t *Index) tally(ctx context.Context, f machinery.Found, most int) (tally, bool, error) {
	m, ok, err := t.current(ctx, f.Table, f.Column)
	if err != nil || !ok {
		return tally{}, false, err
	}
	m.RLock()
	defer m.RUnlock()
	return m.count(m.wanted(f, t.factsOf(m)), most), true, nil
}

// factsOf returns the facts that a memory has. A memory that was made for another definition is taken for one of none.
func (t *Index) factsOf(m *memory) []machinery.Fact {
	if of := t.orderOf(m.of.table); of.columns.facts == m.of.facts {
		return of.facts
	}
	return nil
}

// first returns the first rows, see content.first. It returns false if the memory has another order or
// is being loaded.
func (t *Index) first(ctx context.Context, f machinery.First) (found firsts, ok bool, err error) {
	m, ok, err := t.current(ctx, f.Table, f.Column)
	if err != nil || !ok {
		return firsts{}, false, err
	}
	var after *behind
	if f.After != nil {
		if after, ok, err = t.behind(ctx, f); err != nil || !ok {
			return firsts{}, false, err
		}
	}
	m.RLock()
	defer m.RUnlock()
	if m.of.order == "" || m.of.order != f.Order {
		return firsts{}, false, nil
	}
	found, ok = m.content.first(m.wanted(f.Found, t.factsOf(m)), after, f.Descending, amount{sure: f.Wanted, all: f.Most})
	return found, ok, nil
}

// behind returns the row that a page ended with, and false if it is gone.
func (t *Index) behind(ctx context.Context, f machinery.First) (*behind, bool, error) {
	of := t.columnsOf(f.Table, f.Column)
	if of.order == "" {
		return nil, false, nil
	}
	row, err := machinery.Get[int64](ctx, t.engine, "SELECT "+t.engine.RowNumber()+" FROM "+f.Table+" WHERE "+of.key+" = $1 AND "+of.order+" = $2", f.After.Key, f.After.Value)
	if errors.Is(err, machinery.ErrNoRow) {
		return nil, false, nil
	}
	return &behind{row, place{f.After.Value, f.After.Key}}, err == nil, err
}
