package texts

import (
	"context"
	"time"
)

// What tests see and set.
const (
	ManyTexts    = manyTexts
	LoadPatience = loadPatience
)

// WalkFor sets how long a look at one row after the other may take.
func (t *Index) WalkFor(walk time.Duration) { t.walk = walk }

// KeepUpEach sets how often memories follow by themselves. It is set before a table is live.
func (t *Index) KeepUpEach(pace time.Duration) { t.pace = pace }

// Loads returns how often the texts were read.
func (t *Index) Loads(table, column string) int {
	m := t.memoryOf(columns{table: table, searched: column})
	m.RLock()
	defer m.RUnlock()
	return m.loads
}

// Remembered returns of how many rows the texts are remembered, and false while they are being loaded.
func (t *Index) Remembered(table, column string) (int, bool) {
	m := t.memoryOf(columns{table: table, searched: column})
	m.RLock()
	defer m.RUnlock()
	return len(m.at), m.loaded && m.loading == nil
}

// Moved returns how many rows stand behind the others, because they changed.
func (t *Index) Moved(table, column string) int {
	m := t.memoryOf(columns{table: table, searched: column})
	m.RLock()
	defer m.RUnlock()
	return len(m.places)
}

// Loaded waits until all memories are loaded.
func (t *Index) Loaded(ctx context.Context) error {
	for _, m := range t.memories.Range {
		m := m.(*memory)
		m.RLock()
		done := m.loading
		m.RUnlock()
		if done == nil {
			continue
		}
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// HoldLoading makes a memory seem to be loading, until it is let.
func (t *Index) HoldLoading(table, column string) (load func(context.Context) error) {
	of := columns{table: table, searched: column}
	held := &memory{loading: make(chan struct{})}
	t.memories.Store(of.table+"."+of.searched, held)
	return func(ctx context.Context) error {
		loaded, err := t.load(ctx, t.columnsOf(table, column))
		if err != nil {
			return err
		}
		held.Lock()
		defer held.Unlock()
		close(held.loading)
		held.content, held.loaded, held.loading = loaded, true, nil
		held.loads++
		return nil
	}
}
