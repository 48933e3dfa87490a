package index

import (
	"database/sql/driver"
	"maps"
	"slices"
	"sync"

	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// flushLinks is how many positions wait in memory before their links are written, a block a
// kind: a row for each event would dirty more pages than the event itself.
const flushLinks = 1024

// Links are the index behind the virtual streams: for each kind the places of its events, in
// order; the index in that order is the link's revision. Older ones are in the file.
type Links struct {
	mu      sync.RWMutex
	kinds   map[int64]Linked
	flushed logfile.Place // the links of all events up to here are in the file
}

// Linked are the links of one kind.
type Linked struct {
	Count   int64           // links in all
	pending []logfile.Place // the newest of them, not in the file; appended to, never changed
}

// Link is a new link of a kind.
type Link struct {
	Kind   int64
	Target logfile.Place
}

// Of returns the links of a kind as they are now.
func (l *Links) Of(kind int64) Linked {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.kinds[kind]
}

// Flushed returns the place up to which the links are in the file.
func (l *Links) Flushed() logfile.Place {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.flushed
}

// Due says whether so many links wait that the batch that ends at a place should flush them.
func (l *Links) Due(head logfile.Place) bool { return head-l.Flushed() >= flushLinks }

// Publish adds committed links, and drops those that the commit wrote to the file: all up to
// flushed, if it is not 0.
func (l *Links) Publish(added []Link, flushed logfile.Place) {
	if len(added) == 0 && flushed == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range added {
		k := l.kinds[a.Kind]
		k.Count++
		k.pending = append(k.pending, a.Target)
		l.kinds[a.Kind] = k
	}
	if flushed == 0 {
		return
	}
	l.flushed = flushed
	for kind, k := range l.kinds {
		if k.pending != nil {
			k.pending = nil
			l.kinds[kind] = k
		}
	}
}

// Flush writes what is pending, and what a batch adds, in the batch's transaction.
func (l *Links) Flush(c *sqlitex.Conn, added []Link, upTo logfile.Place) error {
	l.mu.RLock()
	all := maps.Clone(l.kinds)
	l.mu.RUnlock()
	fresh := map[int64][]logfile.Place{}
	for _, a := range added {
		fresh[a.Kind] = append(fresh[a.Kind], a.Target)
		if _, known := all[a.Kind]; !known {
			all[a.Kind] = Linked{}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		k := all[kind]
		block := slices.Concat(k.pending, fresh[kind])
		if len(block) == 0 {
			continue
		}
		err := c.Exec("INSERT INTO links (kind, last, first, n, places) VALUES (?, ?, ?, ?, ?)",
			kind, int64(block[len(block)-1]), k.stored(), int64(len(block)), pack(block))
		if err != nil {
			return err
		}
	}
	return c.Exec("UPDATE state SET linked=?", int64(upTo))
}

// Load makes what the file says the truth: the counts of all kinds, and the links that no
// block holds yet.
func (l *Links) Load(c *sqlitex.Conn, names *Names) error {
	all := map[int64]Linked{}
	for kind := range names.All() {
		count, err := c.Integer(0, "SELECT first+n FROM links WHERE kind=? ORDER BY last DESC LIMIT 1", kind)
		if err != nil {
			return err
		}
		all[kind] = Linked{Count: count}
	}
	flushed, err := LinkedUpTo(c)
	if err != nil {
		return err
	}
	err = c.Each(func(v []driver.Value) error {
		for _, kind := range names.Of(v[1].(string), v[2].(int64), v[3].(int64)) {
			k := all[kind]
			k.Count++
			k.pending = append(k.pending, logfile.Place(v[0].(int64)))
			all[kind] = k
		}
		return nil
	}, "SELECT pos, s.name, e.type, e.rev FROM events e JOIN streams s USING (sid) WHERE pos>? ORDER BY pos", int64(flushed))
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kinds, l.flushed = all, flushed
	return nil
}

// LinkedUpTo reads the place up to which the links are in the file.
func LinkedUpTo(c *sqlitex.Conn) (logfile.Place, error) {
	linked, err := c.Integer(0, "SELECT linked FROM state")
	return logfile.Place(linked), err
}
