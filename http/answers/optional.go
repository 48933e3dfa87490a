package answers

import "time"

// when returns a time for clients: null if it is not there.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Maybe returns a text for clients: null if it is empty.
func Maybe(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
