package keystest

import (
	"bytes"
	"strings"

	"sleutelbos/eventstore"
)

// Hashed returns an event of these bytes as it is read: with an envelope that says nothing, and the hash
// that belongs to it.
func Hashed(e eventstore.Event) eventstore.Recorded {
	none := strings.Repeat("0", 64) //nolint:mnd // digits of a hash
	e.Metadata = []byte(`{"prevHash":"","hash":"` + none + `"}`)
	rec := eventstore.Recorded{Event: e}
	rec.Metadata = bytes.Replace(rec.Metadata, []byte(none), []byte(eventstore.HashOf(rec)), 1)
	return rec
}
