package audit

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// The edge gives the roots that the library computes from all hashes.
func TestTreeIsTheLibrarys(t *testing.T) {
	var ours tree
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range indexes {
			found = append(found, stored[i])
		}
		return found, nil
	})
	for n := range int64(70) {
		want, err := tlog.TreeHash(n, reader)
		if err != nil {
			t.Fatal(err)
		}
		if got := ours.root(); got != want || ours.size != n {
			t.Fatalf("size %d: root %s, want %s", n, got, want)
		}
		hash := fmt.Sprint("event ", n)
		ours.add(hash)
		more, err := tlog.StoredHashes(n, []byte(hash), reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
	}
}
