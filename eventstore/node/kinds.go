package node

import (
	"database/sql/driver"
	"slices"
	"strings"
	"sync/atomic"

	"sleutelbos/internal/sqlitex"
)

// kinds are the names of the virtual streams. An event's row names its type by the number
// of "$et-<type>". There are as many as types and categories, so all are kept in memory.
type kinds struct {
	shared atomic.Pointer[kindNames] // what readers see: replaced, never changed
	own    kindNames                 // the committer's, with what is not committed yet
	dirty  bool
}

type kindNames struct {
	names []string // by kid; 0 is not used
	ids   map[string]int64
}

func loadKinds(c *sqlitex.Conn) (kindNames, error) {
	k := kindNames{names: []string{""}, ids: map[string]int64{}}
	err := c.Each(func(v []driver.Value) error {
		k.names = append(k.names, v[0].(string))
		k.ids[v[0].(string)] = int64(len(k.names) - 1)
		return nil
	}, "SELECT name FROM kinds ORDER BY kid")
	return k, err
}

// typeName answers the event type with the number.
func (k *kindNames) typeName(kid int64) string {
	if kid < 1 || kid >= int64(len(k.names)) {
		return ""
	}
	return k.names[kid][len(TypePrefix):]
}

// number answers the number of a name for the committer, new names included.
func (k *kinds) number(c *sqlitex.Conn, prefix, rest string) (int64, error) {
	if id, ok := k.own.ids[prefix+rest]; ok {
		return id, nil
	}
	name, id := prefix+rest, int64(len(k.own.names))
	if err := c.Exec("INSERT INTO kinds (kid, name) VALUES (?, ?)", id, name); err != nil {
		return 0, err
	}
	k.own.names = append(k.own.names, name)
	k.own.ids[name] = id
	k.dirty = true
	return id, nil
}

// publish shows the committed names to readers.
func (k *kinds) publish() {
	if !k.dirty {
		return
	}
	ids := make(map[string]int64, len(k.own.ids))
	for name, id := range k.own.ids {
		ids[name] = id
	}
	k.shared.Store(&kindNames{names: slices.Clone(k.own.names), ids: ids})
	k.dirty = false
}

// reset makes what the file says the truth, at start and after a failed commit.
func (k *kinds) reset(stored kindNames) {
	k.own, k.dirty = stored, true
	k.publish()
}

// category answers the part of a stream's name before the first dash.
func category(stream string) (string, bool) {
	name, _, ok := strings.Cut(stream, "-")
	return name, ok && name != ""
}

func isVirtual(stream string) bool {
	return stream == StreamsStream || strings.HasPrefix(stream, CategoryPrefix) || strings.HasPrefix(stream, TypePrefix)
}
