package texts

import (
	"fmt"
	"slices"
	"testing"
)

// TestF37_ARareLetterIsNotLookedForEverywhere: who searches for a letter that few rows hold does not
// look into the others.
func TestF37_ARareLetterIsNotLookedForEverywhere(t *testing.T) {
	for _, texts := range []int{manyTexts, manyTexts / 2} {
		m := newContent(columns{}, texts)
		for n := range texts {
			m.put(int64(n), fmt.Sprintf("person %d", n), "", place{})
		}
		m.put(77, "xenia é", "", place{})
		for word, want := range map[string]int{"x": 1, "\xa9": 1, "q": 0, "xe": 1, "p": texts - 1} {
			candidates := 0
			for range m.index.candidates([]string{word}, len(m.entries)) {
				candidates++
			}
			if rows, _ := m.find([]string{word}, "", texts); len(rows) != want || want < 2 && candidates != want {
				t.Errorf("%q in %d texts: %d found of %d candidates", word, texts, len(rows), candidates)
			}
		}
	}
}

// TestMemoryIsCompacted changes the same rows for a long time.
func TestMemoryIsCompacted(t *testing.T) {
	m := newContent(columns{}, 0)
	for n := range 10_000 {
		m.put(int64(n%10), fmt.Sprintf("text %d.", n), "", place{})
	}
	if len(m.entries) > 20 || len(m.text) > 20*len("text 10000.") {
		t.Errorf("%d entries of %d bytes for 10 rows", len(m.entries), len(m.text))
	}
	if rows, few := m.find([]string{"9995.", "text"}, "", 10); !few || !slices.Equal(rows, []int64{5}) {
		t.Errorf("found %v", rows)
	}
	if rows, _ := m.find([]string{"text", "9985."}, "", 10); len(rows) > 0 {
		t.Errorf("found %v by what it held before", rows)
	}
	if rows, few := m.find([]string{"text"}, "", 9); few {
		t.Errorf("found %v, which is more than was asked for", rows)
	}
}
