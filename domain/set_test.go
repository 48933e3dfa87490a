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

func TestASetLosesIDs(t *testing.T) {
	const size = 300
	var all, odd domain.Set
	for i := range size {
		all = all.With(strconv.Itoa(i))
		if i%2 == 1 {
			odd = odd.With(strconv.Itoa(i))
		}
	}
	left := all
	for i := 0; i < size; i += 2 {
		left = left.Without(strconv.Itoa(i * 7 % size / 2 * 2)) // every even one, in no order
	}
	if !cmp.Equal(left, odd, cmp.AllowUnexported(domain.Set{})) || left.Len() != size/2 || left.Has("0") || !left.Has("1") {
		t.Errorf("%d ids are left, want those of a set that never had the others", left.Len())
	}
	if all.Len() != size || !all.Has("0") {
		t.Error("the set that they were taken from has changed")
	}
	if got := left.Without("0"); got != left {
		t.Error("taking out what is not there makes another set")
	}
	if got := (domain.Set{}).With("a").Without("a"); got != (domain.Set{}) {
		t.Error("a set without its last id is not the empty one")
	}
}
