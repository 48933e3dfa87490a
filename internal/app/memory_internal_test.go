package app

import "testing"

func TestF64_WhereMuchIsKeptGarbageIsCollectedSooner(t *testing.T) {
	for kept, want := range map[uint64]int{0: 400, 30 << 20: 400, 64 << 20: 200, 100 << 20: 128, 128 << 20: 100, 1 << 30: 100} {
		if got := collectAt(kept); got != want {
			t.Errorf("with %d MiB kept, the heap grows by %d percent, want %d", kept>>20, got, want)
		}
	}
}
