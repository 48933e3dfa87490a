package node

import (
	"database/sql/driver"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/internal/sqlitex"
)

// cachedHeads is how many streams' heads stay in memory, at some 300 bytes each.
const cachedHeads = 1 << 16

// head is what the log knows of a stream without reading it.
type head struct {
	sid     int64 // 0: the stream has no row yet
	last    int64 // revision of the last event, -1 if there is none
	lastPos place
	meta    *Metadata // nil if there is none
}

func (h head) tombstoned() bool { return h.last == Tombstoned }

func (h head) softDeleted() bool {
	return h.last >= 0 && h.meta != nil && h.meta.TruncateBefore == Tombstoned
}

func isMetastream(stream string) bool { return strings.HasPrefix(stream, MetastreamPrefix) }

func isSystem(stream, eventType string) bool {
	return stream[0] == '$' || eventType[0] == '$'
}

// first answers the revision of the oldest event that counts and $tb leave to show.
func (h head) first(stream string) int64 {
	if h.last < 0 {
		return -1
	}
	if isMetastream(stream) {
		return h.last
	}
	if h.meta == nil {
		return 0
	}
	first := min(h.meta.TruncateBefore, h.last+1)
	if h.meta.MaxCount > 0 {
		first = max(first, h.last+1-h.meta.MaxCount)
	}
	return first
}

// fetchHead reads a head from the file.
func fetchHead(c *sqlitex.Conn, stream string) (head, error) {
	h := head{last: -1}
	meta := int64(0)
	err := c.Each(func(v []driver.Value) error {
		h.sid, meta, h.last = v[0].(int64), v[1].(int64), v[2].(int64)
		return nil
	}, `SELECT sid, metastream, ifnull((SELECT max(rev) FROM events WHERE sid=s.sid), -1) FROM streams s WHERE name=?`, stream)
	if err != nil || meta == 0 {
		return h, err
	}
	err = c.Each(func(v []driver.Value) error {
		data, _ := v[1].([]byte) // NULL for an empty blob
		h.meta = parseMetadata(v[0].(int64), data)
		return nil
	}, `SELECT rev, data FROM events WHERE sid=? ORDER BY rev DESC LIMIT 1`, meta)
	return h, err
}

// heads keeps the heads of the streams used last. Only a commit changes a head, so what is
// here is never old; a head read from the file while its stream was written is not kept.
type heads struct {
	mu    sync.Mutex
	lru   *simplelru.LRU[string, head]
	loads map[string]*headLoad
}

type headLoad struct {
	ready chan struct{}
	head  head
	err   error
}

func newHeads() *heads {
	lru, err := simplelru.NewLRU[string, head](cachedHeads, nil)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &heads{lru: lru, loads: map[string]*headLoad{}}
}

func (h *heads) cached(stream string) (head, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lru.Get(stream)
}

// get answers a head, read by fetch if it is not here; callers for one stream share a read.
func (h *heads) get(stream string, fetch func() (head, error)) (head, error) {
	h.mu.Lock()
	if found, ok := h.lru.Get(stream); ok {
		h.mu.Unlock()
		return found, nil
	}
	if l, ok := h.loads[stream]; ok {
		h.mu.Unlock()
		<-l.ready
		if l.err == nil {
			return l.head, nil
		}
		return fetch() // the other's context may have ended
	}
	l := &headLoad{ready: make(chan struct{})}
	h.loads[stream] = l
	h.mu.Unlock()

	l.head, l.err = fetch()

	h.mu.Lock()
	if h.loads[stream] == l { // not overtaken by a commit
		delete(h.loads, stream)
		if l.err == nil {
			h.lru.Add(stream, l.head)
		}
	}
	h.mu.Unlock()
	close(l.ready)
	return l.head, l.err
}

// publish replaces heads after a commit.
func (h *heads) publish(changed map[string]head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for stream, head := range changed {
		h.lru.Add(strings.Clone(stream), head)
		delete(h.loads, stream)
	}
}

// forget drops all, when what was committed is not known for sure.
func (h *heads) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lru.Purge()
	clear(h.loads)
}
