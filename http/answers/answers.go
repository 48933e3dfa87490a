// Package answers says what an asker may see: every query with its reach and its redaction,
// once. The API, the pages, the feed and the export encode what it returns and decide nothing.
package answers

import (
	"sleutelbos/eventstore"
)

// Prefix is where the API stands.
const Prefix = "/api/v1"

// PositionText returns a position as clients get it: a text, since JSON's numbers are not exact that far.
func PositionText(p eventstore.Position) string { return p.String() }
