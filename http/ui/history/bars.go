package history

import (
	"strconv"

	"sleutelbos/eventstore/catalog"
)

// bar is one of the strokes above the scrubber: a step, or the weightiest of some.
type bar struct {
	X    string
	Kind catalog.Group
	Here bool
}

// mostBars is how many strokes can be told apart.
const mostBars = 240

// barsOf draws the history in small. The strokes stand where the scrubber's handle does.
func barsOf(t travel) []bar {
	n := len(t.marks)
	if n == 0 {
		return nil
	}
	each := (n + mostBars - 1) / mostBars
	weight := map[catalog.Group]int{}
	groups := catalog.Groups()
	for i, g := range groups {
		weight[g.Group] = len(groups) - i
	}
	var bars []bar
	for first := 1; first <= n; first += each {
		b := bar{X: strconv.FormatFloat(float64(first)*1000/float64(n), 'f', 1, 64)}
		for step := first; step < first+each && step <= n; step++ {
			if k := groupOf(t.marks[step-1].Type); weight[k] > weight[b.Kind] {
				b.Kind = k
			}
			b.Here = b.Here || step == t.Here.Step
		}
		bars = append(bars, b)
	}
	return bars
}
