package domain

import (
	"hash/fnv"
	"iter"
)

// Set is a set of ids. It is never changed in place, so that several states can share it.
// With and Without return another set at a cost that grows with the logarithm of the size;
// copying a map for every event would cost the whole size. The zero value is the empty set.
type Set struct {
	root *node
}

// node is a node of a treap: a search tree by id that is a heap by the hash of the id. Its
// shape depends on the ids alone, and so sets of the same ids are deeply equal.
type node struct {
	id          string
	weight      uint64
	size        int
	left, right *node
}

// Has says whether the id is in the set.
func (s Set) Has(id string) bool {
	n := s.root
	for n != nil && n.id != id {
		if id < n.id {
			n = n.left
		} else {
			n = n.right
		}
	}
	return n != nil
}

// Len counts the ids.
func (s Set) Len() int { return s.root.len() }

// With returns the set with the id in it.
func (s Set) With(id string) Set {
	if s.Has(id) {
		return s
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash never fails to write
	return Set{s.root.with(&node{id: id, weight: h.Sum64(), size: 1})}
}

// Without returns the set without the id.
func (s Set) Without(id string) Set {
	if !s.Has(id) {
		return s
	}
	return Set{s.root.without(id)}
}

// All yields the ids in their order.
func (s Set) All() iter.Seq[string] {
	return func(yield func(string) bool) { s.root.each(yield) }
}

// Equal says whether the sets hold the same ids. Tests that compare states by cmp use it.
func (s Set) Equal(other Set) bool {
	if s.Len() != other.Len() {
		return false
	}
	for id := range s.All() {
		if !other.Has(id) {
			return false
		}
	}
	return true
}

func (n *node) len() int {
	if n == nil {
		return 0
	}
	return n.size
}

// with returns the tree with the leaf in it. Only the nodes on the way to the leaf are
// copied; the others are shared with the old tree.
func (n *node) with(leaf *node) *node {
	if n == nil {
		return leaf
	}
	top := *n
	top.size++
	if leaf.id < n.id {
		top.left = n.left.with(leaf)
		if child := top.left; child.weight > top.weight { // child is a fresh copy, so it may be turned
			top.left, child.right = child.right, &top
			top.count()
			child.count()
			return child
		}
		return &top
	}
	top.right = n.right.with(leaf)
	if child := top.right; child.weight > top.weight {
		top.right, child.left = child.left, &top
		top.count()
		child.count()
		return child
	}
	return &top
}

// without returns the tree without an id that is in it. It copies as few nodes as with does.
func (n *node) without(id string) *node {
	if n.id == id {
		return joined(n.left, n.right)
	}
	top := *n
	top.size--
	if id < n.id {
		top.left = n.left.without(id)
	} else {
		top.right = n.right.without(id)
	}
	return &top
}

// joined returns the tree of two trees, of which every id of the left one is before every id
// of the right one. The heavier root stays on top, as everywhere in the tree.
func joined(left, right *node) *node {
	switch {
	case left == nil:
		return right
	case right == nil:
		return left
	case left.weight > right.weight:
		top := *left
		top.right = joined(left.right, right)
		top.count()
		return &top
	}
	top := *right
	top.left = joined(left, right.left)
	top.count()
	return &top
}

func (n *node) count() { n.size = 1 + n.left.len() + n.right.len() }

func (n *node) each(yield func(string) bool) bool {
	return n == nil || n.left.each(yield) && yield(n.id) && n.right.each(yield)
}
