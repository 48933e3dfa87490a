package index

import (
	"database/sql/driver"
	"maps"
	"slices"
	"sync/atomic"

	"sleutelbos/internal/sqlitex"
)

// Names are the names of the virtual streams and their numbers. An event's row names its
// type by the number of "$et-<type>". There are as many as types and categories.
type Names struct {
	names []string // by number; 0 is not used
	ids   map[string]int64
}

// LoadNames reads the names from the file.
func LoadNames(c *sqlitex.Conn) (*Names, error) {
	n := &Names{names: []string{""}, ids: map[string]int64{}}
	err := c.Each(func(v []driver.Value) error {
		n.add(v[0].(string))
		return nil
	}, "SELECT name FROM kinds ORDER BY kid")
	return n, err
}

func (n *Names) add(name string) (kind int64) {
	kind = int64(len(n.names))
	n.names = append(n.names, name)
	n.ids[name] = kind
	return kind
}

// All yields the kinds and their names.
func (n *Names) All() func(yield func(kind int64, name string) bool) {
	return func(yield func(int64, string) bool) {
		for kind := 1; kind < len(n.names); kind++ {
			if !yield(int64(kind), n.names[kind]) {
				return
			}
		}
	}
}

// Name returns the name of a kind.
func (n *Names) Name(kind int64) string { return n.names[kind] }

// Kind returns the number of a name, 0 if there is none.
func (n *Names) Kind(name string) int64 { return n.ids[name] }

// Type returns the event type with a number, "" if there is none.
func (n *Names) Type(kind int64) string {
	if kind < 1 || kind >= int64(len(n.names)) {
		return ""
	}
	return n.names[kind][len(TypePrefix):]
}

// Of returns the kinds whose links lead to an event, given that of its type. All must have a
// number; a system event has no links.
func (n *Names) Of(stream string, typeKind, revision int64) []int64 {
	if IsSystem(stream, n.Type(typeKind)) {
		return nil
	}
	kinds := []int64{typeKind}
	if name, ok := Category(stream); ok {
		kinds = append(kinds, n.ids[CategoryPrefix+name])
	}
	if revision == 0 {
		kinds = append(kinds, n.ids[StreamsStream])
	}
	return kinds
}

// Kinds are the names as the committer and the readers of one log know them. The committer
// adds to its own as it writes; the readers see what is committed.
type Kinds struct {
	committed atomic.Pointer[Names] // replaced, never changed
	own       *Names                // the committer's, with what is not committed yet
	dirty     bool
	scratch   []int64
}

// NewKinds returns kinds that know no name yet.
func NewKinds() *Kinds {
	k := &Kinds{}
	k.Reset(&Names{names: []string{""}, ids: map[string]int64{}})
	return k
}

// Committed returns what readers see.
func (k *Kinds) Committed() *Names { return k.committed.Load() }

// Reset makes what the file says the truth, at the start and after a failed commit.
func (k *Kinds) Reset(stored *Names) {
	k.own, k.dirty = stored, true
	k.Publish()
}

// Publish shows the names to readers, once they are committed.
func (k *Kinds) Publish() {
	if !k.dirty {
		return
	}
	k.committed.Store(&Names{names: slices.Clone(k.own.names), ids: maps.Clone(k.own.ids)})
	k.dirty = false
}

// Type returns the number of an event type for the committer, and the one copy of its name
// that all events share. A new type gets a number.
func (k *Kinds) Type(c *sqlitex.Conn, eventType string) (kind int64, name string, err error) {
	if kind, err = k.number(c, TypePrefix, eventType); err != nil {
		return 0, "", err
	}
	return kind, k.own.Type(kind), nil
}

// Of returns for the committer what Names.Of returns for readers, and gives a new category
// its number. The slice is used again by the next call.
func (k *Kinds) Of(c *sqlitex.Conn, stream, eventType string, typeKind, revision int64) ([]int64, error) {
	if IsSystem(stream, eventType) {
		return nil, nil
	}
	kinds := append(k.scratch[:0], typeKind)
	if name, ok := Category(stream); ok {
		kind, err := k.number(c, CategoryPrefix, name)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	if revision == 0 {
		kind, err := k.number(c, StreamsStream, "")
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	k.scratch = kinds
	return kinds, nil
}

func (k *Kinds) number(c *sqlitex.Conn, prefix, rest string) (int64, error) {
	if kind, ok := k.own.ids[prefix+rest]; ok {
		return kind, nil
	}
	name := prefix + rest
	if err := c.Exec("INSERT INTO kinds (kid, name) VALUES (?, ?)", int64(len(k.own.names)), name); err != nil {
		return 0, err
	}
	k.dirty = true
	return k.own.add(name), nil
}
