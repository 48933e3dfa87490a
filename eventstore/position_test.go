package eventstore_test

import (
	"encoding/json"
	"testing"

	"sleutelbos/eventstore"
)

func TestPositionsAreOrderedByBothNumbers(t *testing.T) {
	inOrder := []eventstore.Position{
		{}, eventstore.NewPosition(7, 5), eventstore.AtCommit(7), eventstore.NewPosition(8, 5), eventstore.End,
	}
	for i, a := range inOrder {
		for j, b := range inOrder {
			later, earlier := inOrder[max(i, j)], inOrder[min(i, j)]
			same(t,
				[]any{a.Before(b), a.After(b), a.Equal(b), a.Compare(b) < 0, a.Compare(b) > 0, eventstore.Later(a, b), eventstore.Earlier(a, b)},
				[]any{i < j, i > j, i == j, i < j, i > j, later, earlier})
		}
		same(t, a.IsZero(), i == 0)
		same(t, eventstore.NewPosition(a.Commit(), a.Prepare()), a)
	}
}

func TestF79_AnUnseenPositionCoversNoEvent(t *testing.T) {
	for _, p := range []eventstore.Position{eventstore.NewPosition(7, 0), eventstore.NewPosition(7, 6), eventstore.AtCommit(7), eventstore.AtCommit(1)} {
		unseen := p.Unseen()
		same(t, []any{unseen.Commit(), unseen.Before(eventstore.AtCommit(p.Commit())), unseen.After(eventstore.AtCommit(p.Commit() - 1)), unseen.Unseen()},
			[]any{p.Commit(), true, true, unseen})
	}
	same(t, eventstore.Position{}.Unseen(), eventstore.Position{})
	same(t, eventstore.Delivery{Position: eventstore.AtCommit(7), IsEvent: true}.Covers(), eventstore.AtCommit(7))
	same(t, eventstore.Delivery{Position: eventstore.AtCommit(7)}.Covers(), eventstore.NewPosition(7, 6))
}

func TestPositionAsText(t *testing.T) {
	type carrier struct {
		Position eventstore.Position `json:"position"`
	}
	text, err := json.Marshal(carrier{eventstore.NewPosition(7, 5)})
	same(t, []any{string(text), err}, []any{`{"position":"7"}`, nil})
	var read carrier
	same(t, []any{json.Unmarshal(text, &read), read.Position}, []any{nil, eventstore.AtCommit(7)})
	same(t, []any{eventstore.AtCommit(7).String(), eventstore.Position{}.String()}, []any{"7", "0"})
	for _, text := range []string{"", "-1", "+1", "0x1", "1.5", " 1", "9223372036854775808"} {
		if p, err := eventstore.ParsePosition(text); err == nil || !p.IsZero() {
			t.Errorf("%q is read as %s", text, p)
		}
	}
	p, err := eventstore.ParsePosition("9223372036854775807")
	same(t, []any{p, err}, []any{eventstore.End, nil})
}
