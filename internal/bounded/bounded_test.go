package bounded_test

import (
	"slices"
	"testing"
	"time"

	"sleutelbos/internal/bounded"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestMap(t *testing.T) {
	t.Run("forgets what was asked for least recently", func(t *testing.T) {
		var gone []int
		m := bounded.NewClosing(2, 0, func(k, _ int) { gone = append(gone, k) })
		m.Put(1, 10, noon)
		m.Put(2, 20, noon)
		m.Get(1, noon)
		m.Put(3, 30, noon)
		if _, ok := m.Get(2, noon); ok || m.Len() != 2 || !slices.Equal(gone, []int{2}) {
			t.Errorf("kept %v, %d entries, gone %v", ok, m.Len(), gone)
		}
		m.Clear()
		if m.Len() != 0 || len(gone) != 3 {
			t.Errorf("%d entries, gone %v", m.Len(), gone)
		}
	})
	t.Run("forgets what is too old", func(t *testing.T) {
		m := bounded.New[string, int](2, time.Minute)
		m.Put("a", 1, noon)
		if v, ok := m.Get("a", noon.Add(time.Minute-1)); !ok || v != 1 {
			t.Error("forgotten too soon")
		}
		if _, ok := m.Get("a", noon.Add(time.Minute)); ok || m.Len() != 0 {
			t.Error("kept too long")
		}
	})
	t.Run("follows what was kept", func(t *testing.T) {
		m := bounded.New[string, int](2, 0)
		more := func(old int, _ bool) (int, bool) { return old + 1, true }
		m.Update("a", noon, more)
		if got := m.Update("a", noon, more); got != 2 {
			t.Errorf("got %d", got)
		}
		m.Update("a", noon, func(int, bool) (int, bool) { return 0, false })
		if m.Len() != 0 {
			t.Error("kept what does not go on")
		}
	})
}
