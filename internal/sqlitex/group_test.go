package sqlitex

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var errRefused = errors.New("refused")

// journal is a file that writes down its batches. It refuses those that hold a 13.
type journal struct {
	began   []time.Time // when each was tried
	tried   [][]int
	refused []int
}

func (j *journal) try(batch []int) error {
	j.began = append(j.began, time.Now())
	time.Sleep(time.Second) // of the fake clock: so long the disk takes
	j.tried = append(j.tried, append([]int(nil), batch...))
	for _, n := range batch {
		if n == 13 {
			return errRefused
		}
	}
	return nil
}

func (j *journal) done(n int, err error) {
	if err != nil {
		j.refused = append(j.refused, n)
	}
}

// submit queues numbers while the group is busy with the first of them.
func submit(t *testing.T, g *Group[int], numbers ...int) {
	t.Helper()
	for i, n := range numbers {
		if err := g.Submit(t.Context(), n); err != nil {
			t.Error(err)
		}
		if i == 0 {
			synctest.Wait()
		}
	}
}

func TestGroup(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(*GroupOptions[int])
		numbers []int
		tried   [][]int
		refused []int
	}{
		{"what waits shares the next commit", nil, []int{1, 2, 3, 4}, [][]int{{1}, {2, 3, 4}}, nil},
		{"a batch has a most", func(o *GroupOptions[int]) { o.Most = 2 }, []int{1, 2, 3, 4}, [][]int{{1}, {2, 3}, {4}}, nil},
		{"a batch has a most of bytes", func(o *GroupOptions[int]) { o.Size, o.MostBytes = func(n int) int { return n }, 5 },
			[]int{1, 2, 3, 4}, [][]int{{1}, {2, 3}, {4}}, nil},
		{"one refused does not fail its neighbors", nil, []int{1, 2, 13, 4}, [][]int{{1}, {2, 13, 4}, {2}, {13}, {4}}, []int{13}},
		{"one refused alone is tried once", nil, []int{13}, [][]int{{13}}, []int{13}},
		{"one that is alone has its own commit, in its turn", func(o *GroupOptions[int]) { o.Alone = func(n int) bool { return n == 3 } },
			[]int{1, 2, 3, 4, 5}, [][]int{{1}, {2}, {3}, {4, 5}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var j journal
				o := GroupOptions[int]{Try: j.try, Done: j.done, Queue: 8, Most: 8}
				if c.change != nil {
					c.change(&o)
				}
				g := NewGroup(o)
				submit(t, g, c.numbers...)
				g.Close()
				if d := cmp.Diff(c.tried, j.tried); d != "" {
					t.Error(d)
				}
				if d := cmp.Diff(c.refused, j.refused); d != "" {
					t.Errorf("refused: %s", d)
				}
			})
		})
	}
}

func TestGroupThatIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		g := NewGroup(GroupOptions[int]{Try: j.try, Done: j.done, Queue: 8, Most: 8})
		submit(t, g, 1, 2)
		g.Close()
		g.Close()
		if d := cmp.Diff([][]int{{1}, {2}}, j.tried); d != "" {
			t.Errorf("what was queued is written: %s", d)
		}
		if err := g.Submit(t.Context(), 3); !errors.Is(err, ErrClosed) {
			t.Errorf("afterwards: got %v", err)
		}
	})
}

func TestGroupWhoseQueueIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		g := NewGroup(GroupOptions[int]{Try: j.try, Done: j.done, Queue: 1, Most: 1})
		defer g.Close()
		submit(t, g, 1, 2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := g.Submit(ctx, 3); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestGroupThatExpectsSomething(t *testing.T) {
	for name, c := range map[string]struct {
		comes func(*Group[int], func())
		tried [][]int
		after time.Duration // how long the first submission waited
	}{
		"waits for what comes":                {func(g *Group[int], came func()) { _ = g.Submit(context.Background(), 2); came(); came() }, [][]int{{1, 2}}, 0},
		"waits no longer if it does not come": {func(_ *Group[int], came func()) { came() }, [][]int{{1}}, 0},
		"does not wait for long":              {func(*Group[int], func()) {}, [][]int{{1}}, expectedWithin},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var j journal
				g := NewGroup(GroupOptions[int]{Try: j.try, Done: j.done, Queue: 8, Most: 8})
				defer g.Close()
				came, begun := g.Expect(), time.Now()
				submit(t, g, 1)
				c.comes(g, came)
				time.Sleep(time.Minute) // of the fake clock
				synctest.Wait()
				if d := cmp.Diff(c.tried, j.tried); d != "" || j.began[0].Sub(begun) != c.after {
					t.Errorf("after %v instead of %v: %s", j.began[0].Sub(begun), c.after, d)
				}
			})
		})
	}
}
