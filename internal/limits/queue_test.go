package limits_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"sleutelbos/internal/limits"
)

// served lets askers wait one after the other while the only turn is taken, and returns in what
// order they had theirs, and who was sent away.
func served(t *testing.T, askers ...limits.Asker) (order, away []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		q := limits.NewQueue(1, 3, 4)
		leave, err := q.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range askers {
			go func() {
				leave, err := q.Enter(limits.For(t.Context(), by))
				if errors.Is(err, limits.ErrFull) {
					away = append(away, by.Account+by.Address)
					return
				}
				order = append(order, by.Account+by.Address)
				leave()
			}()
			synctest.Wait()
		}
		leave()
		synctest.Wait()
	})
	return order, away
}

func TestF42_TurnsAreFair(t *testing.T) {
	a, b := limits.Asker{Account: "a"}, limits.Asker{Account: "b"}
	stranger := limits.Asker{Address: "192.0.2.1"}
	for name, c := range map[string]struct {
		askers      []limits.Asker
		order, away string
	}{
		"who asks often has turns in between":           {[]limits.Asker{a, a, a, b}, "[a b a a]", "[]"},
		"one asker waits for so many turns":             {[]limits.Asker{a, a, a, a, a}, "[a a a]", "[a a]"},
		"who is signed in keeps nobody from signing in": {[]limits.Asker{a, a, a, b, stranger}, "[192.0.2.1 a b a a]", "[]"},
		"a full queue takes who has less":               {[]limits.Asker{a, a, a, b, {Account: "c"}}, "[a b c a]", "[a]"},
		"a full queue of others is none of somebody's":  {[]limits.Asker{a, b, {Account: "c"}, {Account: "d"}, {Account: "e"}, stranger}, "[192.0.2.1 a b c d]", "[e]"},
		"the addresses of one customer are one":         {[]limits.Asker{{Address: "2001:db8::1"}, {Address: "2001:db8::2"}, stranger}, "[2001:db8::1 192.0.2.1 2001:db8::2]", "[]"},
		"an account counts wherever it asks from":       {[]limits.Asker{{Account: "a", Address: "192.0.2.1"}, {Account: "a", Address: "192.0.2.2"}, b}, "[a192.0.2.1 b a192.0.2.2]", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			order, away := served(t, c.askers...)
			if fmt.Sprint(order) != c.order || fmt.Sprint(away) != c.away {
				t.Errorf("turns %v, sent away %v, want %s and %s", order, away, c.order, c.away)
			}
		})
	}
}

func TestQueueForgetsWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := limits.NewQueue(1, 1, 1)
		leave, err := q.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var errs []error
		go func() { _, err := q.Enter(ctx); errs = append(errs, err) }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		go func() {
			leave, err := q.Enter(t.Context())
			errs = append(errs, err)
			leave()
		}()
		synctest.Wait()
		leave()
		synctest.Wait()
		if !slices.Equal(errs, []error{context.Canceled, nil}) {
			t.Errorf("got %v", errs)
		}
	})
}
