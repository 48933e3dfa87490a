package sqlite

import (
	"fmt"
	"sync"
	"testing"
)

// TestF13_PreparedStatementsAreBounded: ever new texts close the statements of earlier ones, and
// nobody's query fails by that.
func TestF13_PreparedStatementsAreBounded(t *testing.T) {
	p := open(t, t.TempDir()).readers
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for n := range 2 * mostPrepared {
				stmt, err := p.stmt(t.Context(), fmt.Sprintf("SELECT %d", (n+worker)%(2*mostPrepared)))
				if err != nil {
					t.Error(err)
					return
				}
				var got int
				if err := stmt.QueryRowContext(t.Context()).Scan(&got); err != nil {
					t.Error(err)
				}
				stmt.leave()
			}
		})
	}
	all.Wait()
	if n := p.prepared.Len(); n > mostPrepared {
		t.Errorf("%d statements are kept", n)
	}
	first, err := p.stmt(t.Context(), "SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	p.prepared.Clear()
	if _, err := first.ExecContext(t.Context()); err != nil {
		t.Errorf("a statement was closed while it was used: %v", err)
	}
	first.leave()
	if _, err := first.ExecContext(t.Context()); err == nil {
		t.Error("a statement that nobody uses stays open")
	}
}
