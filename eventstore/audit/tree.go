package audit

import (
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// tree is a Merkle tree that grows at its right edge, and only the edge is kept: the roots of
// its complete subtrees, the largest first. There is one for each bit that is set in the size.
type tree struct {
	size int64
	edge []tlog.Hash
}

// copied returns a tree that grows by itself.
func (t *tree) copied() tree { return tree{t.size, slices.Clone(t.edge)} }

// add appends an event by its hash.
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

// root returns the hash of the tree. That of the empty tree is the hash of nothing, as in
// RFC 6962.
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
