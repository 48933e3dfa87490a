package texts

import (
	"cmp"
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// trigrams is an index of texts: three bytes that follow each other in a text → the texts. Those of
// the bytes that nearly all texts are made of are found by their place, the others in a map.
type trigrams struct {
	common []*posting // of trigrams with a place; nil where there are few texts, since it takes two megabytes
	rare   map[trigram]*posting
}

type trigram uint32

// places are the numbers of the common bytes from 1 on, 0 for any other.
var places = func() (numbers [256]uint32) {
	for i, c := range []byte("\x00\n abcdefghijklmnopqrstuvwxyz0123456789@.-_+/,()&:;#!\"=*~|[]{}?") {
		numbers[c] = uint32(i + 1)
	}
	return numbers
}()

// placeBits is how many bits the number of a common byte takes.
const placeBits = 6

// manyTexts is from how many texts on their trigrams have places.
const manyTexts = 10_000

func newTrigrams(texts int) trigrams {
	t := trigrams{rare: map[trigram]*posting{}}
	if texts >= manyTexts {
		t.common = make([]*posting, 1<<(3*placeBits))
	}
	return t
}

// slot returns where a trigram stands, if it has a place.
func (t trigrams) slot(a, b, c byte) (uint32, bool) {
	if t.common == nil {
		return 0, false
	}
	x, y, z := places[a], places[b], places[c]
	return x<<(2*placeBits) | y<<placeBits | z, x > 0 && y > 0 && z > 0
}

// list returns the texts that hold a trigram; nil if none does.
func (t trigrams) list(a, b, c byte) *posting {
	if at, ok := t.slot(a, b, c); ok {
		return t.common[at]
	}
	return t.rare[trigram(a)<<16|trigram(b)<<8|trigram(c)]
}

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
		a, b, c := content[i], content[i+1], content[i+2]
		p := t.list(a, b, c)
		switch {
		case p == nil:
			p = &posting{}
			if at, ok := t.slot(a, b, c); ok {
				t.common[at] = p
			} else {
				t.rare[trigram(a)<<16|trigram(b)<<8|trigram(c)] = p
			}
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

// back is a cursor that goes through a posting from its end.
type back struct {
	rest []byte
	text uint32 // the one that is next
}

// next returns the text before, and false at the beginning.
func (b *back) next() (text uint32, ok bool) {
	if len(b.rest) == 0 {
		return 0, false
	}
	text = b.text
	begin := len(b.rest) - 1
	for begin > 0 && b.rest[begin-1] >= 0x80 { // of a number all bytes but the last have this bit
		begin--
	}
	distance, _ := binary.Uvarint(b.rest[begin:])
	b.text, b.rest = text-uint32(distance), b.rest[:begin]
	return text, true
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

// candidates yields the texts from one up to another that may hold all words, in their order or backwards.
func (t trigrams) candidates(words []string, from, to uint32, backwards bool) iter.Seq[uint32] {
	var lists []*posting
	for _, word := range words {
		for i := 0; i+2 < len(word); i++ {
			p := t.list(word[i], word[i+1], word[i+2])
			if p == nil {
				return func(func(uint32) bool) {}
			}
			lists = append(lists, p)
		}
	}
	if len(lists) == 0 {
		return t.short(words, from, to, backwards)
	}
	slices.SortFunc(lists, func(a, b *posting) int { return cmp.Compare(a.n, b.n) })
	lists = slices.Compact(lists)
	lists = lists[:min(len(lists), mostLists)]
	if backwards {
		return commonBack(lists, from, to)
	}
	return common(lists, from, to)
}

// commonBack yields what common does, from the end.
func commonBack(lists []*posting, from, to uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		cursors, at := make([]back, len(lists)), make([]uint32, len(lists))
		for i, p := range lists {
			cursors[i] = back{p.distances, p.last}
			at[i], _ = cursors[i].next() // no list is empty
		}
	texts:
		for ok := true; ok && at[0] >= from; at[0], ok = cursors[0].next() {
			if at[0] >= to {
				continue
			}
			for i := 1; i < len(lists); i++ {
				for at[i] > at[0] {
					if at[i], ok = cursors[i].next(); !ok {
						return
					}
				}
				if at[i] < at[0] {
					continue texts
				}
			}
			if !yield(at[0]) {
				return
			}
		}
	}
}

// common yields what is in all lists, of which the first is the shortest.
func common(lists []*posting, from, to uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		first := cursor{rest: lists[0].distances}
		others := make([]cursor, len(lists)-1)
		for i, p := range lists[1:] {
			others[i].rest = p.distances
			others[i].next() // no list is empty
		}
	texts:
		for first.next() && first.text < to {
			if first.text < from {
				continue
			}
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

// How texts are found that have a letter or two. To gather the lists of their trigrams takes as long as these are; to look into one text
// after the other soon finds what many have, unless they stand behind the others.
const (
	fewOf    = 64 // what one of so many has, or fewer, is gathered at once;
	someOf   = 2  // what one of so many has, or more, is looked for in each;
	seenInOf = 32 // and anything else is looked for in the first of so many, and then gathered
)

// short yields the texts that may hold words of one or two bytes, which are no trigram.
func (t trigrams) short(words []string, from, to uint32, backwards bool) iter.Seq[uint32] {
	rarest, fewest := "", 0
	for i, word := range words {
		total := 0
		for p := range t.beginning(word) {
			total += p.n
		}
		if i == 0 || total < fewest {
			rarest, fewest = word, total
		}
	}
	texts := to - min(from, to)
	switch {
	case fewest < int(texts/fewOf):
		return t.holding(rarest, from, to).all(backwards)
	case fewest > int(texts/someOf):
		return every(from, to, backwards)
	}
	return func(yield func(uint32) bool) {
		near, far := [2]uint32{from, from + texts/seenInOf}, [2]uint32{from + texts/seenInOf, to}
		if backwards {
			near, far = [2]uint32{to - texts/seenInOf, to}, [2]uint32{from, to - texts/seenInOf}
		}
		for at := range every(near[0], near[1], backwards) {
			if !yield(at) {
				return
			}
		}
		t.holding(rarest, far[0], far[1]).all(backwards)(yield)
	}
}

// every yields all texts from one up to another.
func every(from, to uint32, backwards bool) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for n := range to - min(from, to) {
			at := from + n
			if backwards {
				at = to - 1 - n
			}
			if !yield(at) {
				return
			}
		}
	}
}

// beginning yields the lists of the trigrams that begin with a word of one or two bytes.
func (t trigrams) beginning(word string) iter.Seq[*posting] {
	return func(yield func(*posting) bool) {
		if len(word) == 2 {
			for c := range 256 {
				if p := t.list(word[0], word[1], byte(c)); p != nil && !yield(p) {
					return
				}
			}
			return
		}
		if number := places[word[0]]; t.common != nil && number > 0 {
			for _, p := range t.common[number<<(2*placeBits) : (number+1)<<(2*placeBits)] {
				if p != nil && !yield(p) {
					return
				}
			}
		}
		for of, p := range t.rare {
			if byte(of>>16) == word[0] && !yield(p) {
				return
			}
		}
	}
}

// set is a set of texts, a bit each.
type set []uint64

// holding returns the texts that hold a word of one or two bytes.
func (t trigrams) holding(word string, from, to uint32) set {
	some := make(set, (to+63)/64)
	for p := range t.beginning(word) {
		for c := (cursor{rest: p.distances}); c.next() && c.text < to; {
			if c.text >= from {
				some[c.text/64] |= 1 << (c.text % 64)
			}
		}
	}
	return some
}

// all yields the texts of the set, in their order or backwards.
func (s set) all(backwards bool) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for n := range s {
			i := n
			if backwards {
				i = len(s) - 1 - n
			}
			for word := s[i]; word != 0; {
				bit := bits.TrailingZeros64(word)
				if backwards {
					bit = bits.Len64(word) - 1
				}
				if word &^= 1 << bit; !yield(uint32(i*64 + bit)) {
					return
				}
			}
		}
	}
}
