package sqlite

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sleutelbos/projections"
)

// The search index (trigrams) would cost each write ten times what its row does, so writes
// only note the numbers of the rows they changed, and the indexer follows, many rows at a
// time. A search looks into the index and into the rows noted, so it misses nothing.
func searchTable(table string) string     { return table + "__search" }
func unsearchedTable(table string) string { return table + "__unsearched" }

// beginSearch makes an empty index for a table that just went live.
func beginSearch(w *writer, def projections.Definition) error {
	columns := strings.Join(def.Searched(), ", ")
	if columns == "" {
		return nil
	}
	noted := "INSERT INTO " + unsearchedTable(def.Name) + " VALUES "
	for _, statement := range []string{
		"CREATE VIRTUAL TABLE " + searchTable(def.Name) + " USING fts5(" + columns + `, content='', contentless_delete=1, tokenize="trigram case_sensitive 1")`,
		"CREATE TABLE " + unsearchedTable(def.Name) + " (n INTEGER PRIMARY KEY)",
		"CREATE TRIGGER " + def.Name + "__inserted AFTER INSERT ON " + def.Name + " BEGIN " + noted + "(new.rowid) ON CONFLICT DO NOTHING; END",
		"CREATE TRIGGER " + def.Name + "__updated AFTER UPDATE ON " + def.Name + " WHEN " + anyDiffers(def) + " BEGIN " + noted + "(new.rowid) ON CONFLICT DO NOTHING; END",
		"CREATE TRIGGER " + def.Name + "__deleted AFTER DELETE ON " + def.Name + " BEGIN " + noted + "(old.rowid) ON CONFLICT DO NOTHING; END",
		"INSERT INTO search_progress SELECT '" + def.Name + "', '" + columns + "', 0, coalesce(max(rowid), 0) FROM " + def.Name,
	} {
		if err := w.once(statement); err != nil {
			return err
		}
	}
	return nil
}

func anyDiffers(def projections.Definition) string {
	var parts []string
	for _, column := range def.Searched() {
		parts = append(parts, "old."+column+" <> new."+column)
	}
	return strings.Join(parts, " OR ")
}

// indexer brings the search indexes up to date in the background.
type indexer struct {
	db      *DB
	due     atomic.Int64 // rows written since it last looked
	signal  chan struct{}
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// How the indexer works.
const (
	indexAfter = 128 // rows written, or
	indexEvery = time.Second
	indexStep  = 400 // rows a transaction: about 10 ms that live projections wait
)

func startIndexer(db *DB) *indexer {
	ctx, stop := context.WithCancel(context.Background())
	x := &indexer{db: db, signal: make(chan struct{}, 1), stop: stop}
	x.stopped.Go(func() { x.run(ctx) })
	return x
}

func (x *indexer) changed(def projections.Definition, rows int) {
	if len(def.Searched()) > 0 && x.due.Add(int64(rows)) >= indexAfter {
		x.wake()
	}
}

func (x *indexer) wake() {
	select {
	case x.signal <- struct{}{}:
	default:
	}
}

func (x *indexer) close() {
	x.stop()
	x.stopped.Wait()
}

func (x *indexer) run(ctx context.Context) {
	tick := time.NewTicker(indexEvery)
	defer tick.Stop()
	for {
		select {
		case <-x.signal:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		x.due.Store(0)
		for ctx.Err() == nil {
			began := time.Now()
			more, err := x.step(ctx)
			if err != nil || !more {
				break // an error is met again at the next tick; searches miss nothing meanwhile
			}
			select { // as long a rest as the work took
			case <-time.After(time.Since(began)):
			case <-ctx.Done():
			}
		}
	}
}

// searching is a table with a search index.
type searching struct {
	name, columns string
	done, total   int64
}

// step does one transaction of work on each table; false if nothing is left to do.
func (x *indexer) step(ctx context.Context) (bool, error) {
	tables, err := x.tables(ctx)
	if err != nil {
		return false, err
	}
	more := false
	for _, t := range tables {
		pending, err := projections.Get[bool](ctx, x.db, "SELECT EXISTS (SELECT 1 FROM "+unsearchedTable(t.name)+")")
		if err != nil {
			return false, err
		}
		if t.done >= t.total && !pending {
			continue
		}
		more = true
		if err := x.db.writer.alone(ctx, t.index); err != nil {
			return false, err
		}
	}
	return more, nil
}

func (x *indexer) tables(ctx context.Context) ([]searching, error) {
	rows, err := x.db.readers.QueryContext(ctx, "SELECT name, columns, done, total FROM search_progress")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []searching
	for rows.Next() {
		var t searching
		if err := rows.Scan(&t.name, &t.columns, &t.done, &t.total); err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, rows.Err()
}

// index takes the next rows of the first run over the table, or else of those noted.
func (t searching) index(w *writer) error {
	put := "INSERT OR REPLACE INTO " + searchTable(t.name) + " (rowid, " + t.columns + ") SELECT rowid, " + t.columns + " FROM " + t.name + " WHERE rowid"
	if t.done < t.total {
		upTo, err := w.number("SELECT coalesce(max(n), ?) FROM (SELECT rowid AS n FROM "+t.name+" WHERE rowid > ? ORDER BY rowid LIMIT ?)", t.total, t.done, indexStep)
		if err != nil {
			return err
		}
		if err := w.once(put+" > ? AND rowid <= ?", t.done, upTo); err != nil {
			return err
		}
		return w.once("UPDATE search_progress SET done = ? WHERE name = ?", upTo, t.name)
	}
	last, err := w.number("SELECT max(n) FROM (SELECT n FROM "+unsearchedTable(t.name)+" ORDER BY n LIMIT ?)", indexStep)
	if err != nil {
		return err
	}
	noted := " IN (SELECT n FROM " + unsearchedTable(t.name) + " WHERE n <= ?)"
	if err := w.once("DELETE FROM "+searchTable(t.name)+" WHERE rowid"+noted, last); err != nil {
		return err
	}
	if err := w.once(put+noted, last); err != nil {
		return err
	}
	return w.once("DELETE FROM "+unsearchedTable(t.name)+" WHERE n <= ?", last)
}
