package letter

import "testing"

func TestMarkPrinted(t *testing.T) {
	t.Run("records it", func(t *testing.T) { given(t, created).When(MarkPrinted{}).Then(printed) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created, printed).When(MarkPrinted{}).ThenNothing() })
	t.Run("is refused once invalid", func(t *testing.T) { given(t, created, invalid).When(MarkPrinted{}).ThenRefused(ErrInvalid) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(MarkPrinted{}).ThenRefused(ErrNotFound) })
}
