package letter

import "testing"

func TestOpen(t *testing.T) {
	opened := Opened{AccountID: "ann"}
	t.Run("is an event", func(t *testing.T) { given(t, created).When(Open{}).Then(opened) })
	t.Run("twice is two", func(t *testing.T) { given(t, created, opened).When(Open{}).Then(opened) })
	t.Run("is refused once printed", func(t *testing.T) { given(t, created, printed).When(Open{}).ThenRefused(ErrPrinted) })
	t.Run("is refused once invalid", func(t *testing.T) { given(t, created, invalid).When(Open{}).ThenRefused(ErrInvalid) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Open{}).ThenRefused(ErrNotFound) })
}
