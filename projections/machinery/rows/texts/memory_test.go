package texts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sleutelbos/projections/machinery"
)

func words(m *content, all ...string) wanted { return m.wanted(machinery.Found{Words: all}, nil) }

// TestF37_ARareLetterIsNotLookedForEverywhere: who searches for a letter that few rows hold does not
// look into the others.
func TestF37_ARareLetterIsNotLookedForEverywhere(t *testing.T) {
	for _, texts := range []int{manyTexts, manyTexts / 2} {
		m := newContent(columns{}, texts)
		for n := range texts {
			m.put(int64(n), fmt.Sprintf("person %d", n), "", 0, place{})
		}
		m.put(77, "xenia é", "", 0, place{})
		for word, want := range map[string]int{"x": 1, "\xa9": 1, "q": 0, "xe": 1, "p": texts - 1} {
			candidates := 0
			for range m.index.candidates([]string{word}, 0, uint32(len(m.entries)), false) {
				candidates++
			}
			if rows, _ := m.find(words(&m, word), texts); len(rows) != want || want < 2 && candidates != want {
				t.Errorf("%q in %d texts: %d found of %d candidates", word, texts, len(rows), candidates)
			}
		}
	}
}

// TestF37_ALetterOfTheLastIsNotLookedForEverywhere: among names in their order, a z stands behind the others.
func TestF37_ALetterOfTheLastIsNotLookedForEverywhere(t *testing.T) {
	m := newContent(columns{}, manyTexts)
	const last = manyTexts - manyTexts/14
	for n := range manyTexts {
		name := "anna"
		if n >= last {
			name = "zoe"
		}
		m.put(int64(n), name, "", 0, place{})
	}
	for word, backwards := range map[string]bool{"z": false, "zo": false, "an": true} {
		candidates, found := 0, 0
		for at := range m.index.candidates([]string{word}, 0, manyTexts, backwards) {
			if candidates++; m.verdict(at, words(&m, word)) == machinery.Fits {
				found++
			}
		}
		if most := manyTexts/14 + manyTexts/seenInOf + 1; word != "an" && (candidates > most || found != manyTexts-last) {
			t.Errorf("%q: %d found of %d candidates, want no more than %d", word, found, candidates, most)
		}
		if word == "an" && found != last {
			t.Errorf("%q: %d found", word, found)
		}
	}
}

// TestMemoryIsCompacted changes the same rows for a long time.
func TestMemoryIsCompacted(t *testing.T) {
	m := newContent(columns{}, 0)
	for n := range 10_000 {
		m.put(int64(n%10), fmt.Sprintf("text %d.", n), "", 0, place{})
	}
	if len(m.entries) > 20 || len(m.text) > 20*len("text 10000.") {
		t.Errorf("%d entries of %d bytes for 10 rows", len(m.entries), len(m.text))
	}
	if rows, few := m.find(words(&m, "9995.", "text"), 10); !few || !slices.Equal(rows, []int64{5}) {
		t.Errorf("found %v", rows)
	}
	if rows, _ := m.find(words(&m, "text", "9985."), 10); len(rows) > 0 {
		t.Errorf("found %v by what it held before", rows)
	}
	if rows, few := m.find(words(&m, "text"), 9); few {
		t.Errorf("found %v, which is more than was asked for", rows)
	}
}

// TestF37_CandidatesBackwards: who asks for the last rows gets the same as who asks for the first, the other way round.
func TestF37_CandidatesBackwards(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		index := newTrigrams(rapid.SampledFrom([]int{0, manyTexts}).Draw(rt, "texts"))
		letters := rapid.StringMatching("[ab]{0,5}")
		texts := rapid.SliceOfN(letters, 0, 300).Draw(rt, "all")
		for n, text := range texts {
			index.add(uint32(n), []byte(text+"\x00\x00"))
		}
		from := rapid.Uint32Range(0, uint32(len(texts))).Draw(rt, "from")
		to := rapid.Uint32Range(from, uint32(len(texts))).Draw(rt, "to")
		words := rapid.SliceOfN(rapid.StringMatching("[abc]{1,4}"), 1, 3).Draw(rt, "words")
		forwards := slices.Collect(index.candidates(words, from, to, false))
		for at := from; at < to; at++ {
			holds := !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(texts[at], word) })
			if _, listed := slices.BinarySearch(forwards, at); holds && !listed {
				rt.Fatalf("%v is in text %d of %q, which is not among %v", words, at, texts, forwards)
			}
		}
		backwards := slices.Collect(index.candidates(words, from, to, true))
		slices.Reverse(backwards)
		if !slices.IsSorted(forwards) || !slices.Equal(forwards, backwards) {
			rt.Fatalf("%v from %d to %d: %v, backwards %v", words, from, to, forwards, backwards)
		}
	})
}
