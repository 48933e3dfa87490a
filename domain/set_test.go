package domain_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain"
)

func TestSet(t *testing.T) {
	const size = 1000
	var empty, up, down domain.Set
	for i := range size {
		up = up.With(strconv.Itoa(i))
		down = down.With(strconv.Itoa(size - 1 - i))
	}
	if empty.Len() != 0 || empty.Has("0") || up.Len() != size || !up.Has("0") || !up.Has("999") || up.Has("1000") || up.Has("") {
		t.Error("it does not hold what was put in")
	}
	ids := slices.Collect(up.All())
	if len(ids) != size || !slices.IsSorted(ids) {
		t.Errorf("%d ids, sorted %v", len(ids), slices.IsSorted(ids))
	}
	if !cmp.Equal(up, down) || cmp.Equal(up, up.With("1000")) || cmp.Equal(domain.Set{}.With("a"), domain.Set{}.With("b")) {
		t.Error("equal must mean the same ids, in whatever order they came")
	}
	for range up.All() {
		break // stopping early must not go on
	}
}

func TestASetIsNeverChangedInPlace(t *testing.T) {
	var steps []domain.Set
	var s domain.Set
	for i := range 200 {
		steps = append(steps, s)
		s = s.With(strconv.Itoa(i * 7919 % 200))
	}
	for i, step := range steps {
		if step.Len() != i || len(slices.Collect(step.All())) != i {
			t.Fatalf("step %d holds %d ids", i, step.Len())
		}
	}
	if same := s.With("7"); same.Len() != s.Len() {
		t.Error("an id counts once")
	}
}
