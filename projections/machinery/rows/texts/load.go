package texts

import (
	"context"
	"errors"
	"strings"

	"sleutelbos/projections/machinery"
)

func (t *Index) lastChange(ctx context.Context, table string) (int64, error) {
	return machinery.Get[int64](ctx, t.engine, "SELECT max(seq) FROM "+ChangedTable(table))
}

// errLost says that the last change which a memory knows is no longer kept, or is one of
// another table.
var errLost = errors.New("the changes can't be followed")

// selected returns the columns of a row that a memory keeps beside its number.
func (of columns) selected() []string {
	if of.order == "" {
		return []string{of.searched, "''", "''", "''"}
	}
	return []string{of.searched, of.within, of.order, of.key}
}

// follow reads the rows that changed since the last change that the memory knows. It reads
// them as they are now, so that reading one of them again does no harm.
func (t *Index) follow(ctx context.Context, m *memory) error {
	var kept []string
	for _, column := range m.of.selected() {
		kept = append(kept, "coalesce("+column+", '')")
	}
	kept = append(kept, "coalesce("+m.of.facts+", 0)")
	changes := strings.NewReplacer("{kept}", strings.Join(kept, ", "), "{changed}", ChangedTable(m.of.table), "{table}", m.of.table, "{row}", t.engine.RowNumber()).Replace(
		"SELECT seq, n, texts, {table}.{row} IS NOT NULL, {kept} FROM {changed} LEFT JOIN {table} ON {table}.{row} = n WHERE seq >= $1 ORDER BY seq")
	known := m.change
	found := false
	err := t.engine.Follow(ctx, func(change machinery.Scanner) (bool, error) {
		var seq, row, facts int64
		var texts, there bool
		var text, owner string
		var at place
		if err := change.Scan(&seq, &row, &texts, &there, &text, &owner, &at.value, &at.key, &facts); err != nil {
			return false, err
		}
		switch {
		case !found && seq != known:
			return false, errLost
		case !found:
			found = true
			return true, nil
		case there && !texts && m.turn(row, uint32(facts)):
		case there:
			m.put(row, text, owner, uint32(facts), at)
		default:
			m.forget(row)
		}
		m.change = seq
		return true, nil
	}, changes, known)
	if err == nil && !found {
		return errLost
	}
	return err
}

// load reads every row. It asks for the last change first. Rows that change after that are
// read by the next follow, some of them for the second time.
func (t *Index) load(ctx context.Context, of columns) (content, error) {
	last, err := t.lastChange(ctx, of.table)
	if err != nil {
		return content{}, err
	}
	rows, err := machinery.Get[int64](ctx, t.engine, "SELECT count(*) FROM "+of.table)
	if err != nil {
		return content{}, err
	}
	m := newContent(of, int(rows))
	m.change = last
	if of.order == "" {
		err = t.each(ctx, of, func(row int64, text, _ string, _ uint32) { m.put(row, text, "", 0, place{}) })
		return m, err
	}
	return m, t.loadSorted(ctx, &m, int(rows))
}

// loadSorted reads the rows as they stand in the file, which is quick, and then only their order, for
// which there is an index.
func (t *Index) loadSorted(ctx context.Context, m *content, rows int) error {
	type kept struct {
		start, end int
		owner      uint32
		facts      uint32
	}
	all, texts := make(map[int64]kept, rows), []byte{}
	err := t.each(ctx, m.of, func(row int64, text, owner string, facts uint32) {
		all[row] = kept{len(texts), len(texts) + len(text), m.numberOf(owner), facts}
		texts = append(texts, text...)
	})
	if err != nil {
		return err
	}
	return t.engine.Load(ctx, func(result machinery.Scanner) (bool, error) {
		var row int64
		if err := result.Scan(&row); err != nil {
			return false, err
		}
		if k, ok := all[row]; ok {
			m.add(row, texts[k.start:k.end], k.owner, k.facts)
			m.sorted++
			delete(all, row) // moved while it was read, it might come again
		}
		return true, nil
	}, "SELECT "+t.engine.RowNumber()+" FROM "+m.of.table+" ORDER BY "+m.of.order+", "+m.of.key)
}

// each gives every row with its text, its owner and its facts.
func (t *Index) each(ctx context.Context, of columns, take func(row int64, text, owner string, facts uint32)) error {
	searched, owner := of.searched, of.within
	if owner == "" {
		owner = "''"
	}
	return t.engine.Load(ctx, func(result machinery.Scanner) (bool, error) {
		var row, facts int64
		var text, owner string
		if err := result.Scan(&row, &text, &owner, &facts); err != nil {
			return false, err
		}
		take(row, text, owner, uint32(facts))
		return true, nil
	}, "SELECT "+t.engine.RowNumber()+", "+searched+", "+owner+", "+of.facts+" FROM "+of.table)
}
