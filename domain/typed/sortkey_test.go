package typed_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"sleutelbos/domain/typed"
)

func TestF25_NamesSortAsReadersExpect(t *testing.T) {
	want := []string{"Ærø", "Anna", "Bakker", "Čapek", "Cox", "de Boer", "Eriksson", "Lopez", "Łoś", "Østby", "Pol", "'t Hart", "Tromp", "Yılmaz", "Zed", "Ωmega", "Яна"}
	got := slices.Clone(want)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(typed.SortKey(a), typed.SortKey(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted: %q", got)
	}
	if typed.SortKey("ZOË") != typed.SortKey("zoe") || typed.SortKey("’t  Hart") != typed.SortKey("'t Hart") {
		t.Error("case, accents and marks decide")
	}
	if len(typed.SortKey(strings.Repeat("\ufdfa", 200))) > 1000 {
		t.Error("a key is too long for an index")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if typed.SortKey("Anna") >= typed.SortKey("Bert") {
					t.Error("two at once disturb each other")
				}
			}
		})
	}
	all.Wait()
}
