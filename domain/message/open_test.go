package message

import "testing"

func TestOpen(t *testing.T) {
	opened := Opened{AccountID: "ann"}
	t.Run("is an event", func(t *testing.T) { given(t, queued, sent).When(Open{}).Then(opened) })
	t.Run("twice is two", func(t *testing.T) { given(t, queued, sent, opened).When(Open{}).Then(opened) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Open{}).ThenRefused(ErrNotFound) })
}
