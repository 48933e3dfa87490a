package sqlite

import (
	"cmp"
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// trigrams is an index of texts: three bytes that follow each other in a text → the texts.
type trigrams map[trigram]*posting

type trigram uint32

// posting is a list of texts, in their order. Each is written as its distance from the one before,
// in as few bytes as that takes.
type posting struct {
	last      uint32
	n         int
	distances []byte
}

// add adds a text, which comes after all that were added before.
func (t trigrams) add(text uint32, content []byte) {
	for i := range len(content) - 2 {
		gram := trigram(content[i])<<16 | trigram(content[i+1])<<8 | trigram(content[i+2])
		p, ok := t[gram]
		switch {
		case !ok:
			p = &posting{}
			t[gram] = p
		case p.last == text:
			continue
		}
		p.distances = binary.AppendUvarint(p.distances, uint64(text-p.last))
		p.last, p.n = text, p.n+1
	}
}

// cursor goes through a posting.
type cursor struct {
	rest []byte
	text uint32
}

// next goes to the next text, and returns false at the end.
func (c *cursor) next() bool {
	if len(c.rest) == 0 {
		return false
	}
	distance, n := uint64(c.rest[0]), 1
	if distance >= 0x80 {
		distance, n = binary.Uvarint(c.rest)
	}
	c.text, c.rest = c.text+uint32(distance), c.rest[n:]
	return true
}

// mostLists is how many lists are read of a search: the shortest ones. What a longer one would
// leave out is found sooner by looking into the texts.
const mostLists = 4

// candidates yields the texts that may hold all words, in their order, of as many as there are.
func (t trigrams) candidates(words []string, texts int) iter.Seq[uint32] {
	var lists []*posting
	var short []string // words that are no trigram
	for _, word := range words {
		if len(word) < 3 {
			short = append(short, word)
		}
		for i := 0; i+2 < len(word); i++ {
			p, ok := t[trigram(word[i])<<16|trigram(word[i+1])<<8|trigram(word[i+2])]
			if !ok {
				return func(func(uint32) bool) {}
			}
			lists = append(lists, p)
		}
	}
	if len(lists) == 0 {
		return t.beginning(short, texts).all()
	}
	slices.SortFunc(lists, func(a, b *posting) int { return cmp.Compare(a.n, b.n) })
	lists = slices.Compact(lists)
	return common(lists[:min(len(lists), mostLists)])
}

// common yields what is in all lists, of which the first is the shortest.
func common(lists []*posting) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		first := cursor{rest: lists[0].distances}
		others := make([]cursor, len(lists)-1)
		for i, p := range lists[1:] {
			others[i].rest = p.distances
			others[i].next() // no list is empty
		}
	texts:
		for first.next() {
			for i := range others {
				for others[i].text < first.text {
					if !others[i].next() {
						return
					}
				}
				if others[i].text > first.text {
					continue texts
				}
			}
			if !yield(first.text) {
				return
			}
		}
	}
}

// set is a set of texts, a bit each.
type set []uint64

// beginning returns the texts that have, for each word of one or two bytes, a trigram which begins with it.
func (t trigrams) beginning(words []string, texts int) set {
	var all set
	for _, word := range words {
		some := make(set, (texts+63)/64)
		from := trigram(word[0]) << 16
		to := from | 0xffff
		if len(word) == 2 {
			from |= trigram(word[1]) << 8
			to = from | 0xff
		}
		for gram, p := range t {
			if gram < from || gram > to {
				continue
			}
			for c := (cursor{rest: p.distances}); c.next(); {
				some[c.text/64] |= 1 << (c.text % 64)
			}
		}
		if all == nil {
			all = some
		}
		for i := range all {
			all[i] &= some[i]
		}
	}
	return all
}

func (s set) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
