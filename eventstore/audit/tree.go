package audit

import (
	"golang.org/x/mod/sumdb/tlog"
)

// tree is a growing Merkle tree of which only the right edge is kept: the roots of the
// complete subtrees, the largest first, as the bits of the size have them.
type tree struct {
	size int64
	edge []tlog.Hash
}

// add appends the event with this hash.
func (t *tree) add(hash string) {
	h := tlog.RecordHash([]byte(hash))
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.edge) - 1
		h = tlog.NodeHash(t.edge[last], h)
		t.edge = t.edge[:last]
	}
	t.edge = append(t.edge, h)
	t.size++
}

// root answers the hash over all; for no event that of nothing, as RFC 6962 has it.
func (t *tree) root() tlog.Hash {
	if t.size == 0 {
		h, err := tlog.TreeHash(0, nil)
		if err != nil {
			panic(err) // an empty tree reads nothing
		}
		return h
	}
	h := t.edge[len(t.edge)-1]
	for i := len(t.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.edge[i], h)
	}
	return h
}
