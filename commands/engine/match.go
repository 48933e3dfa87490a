package engine

import (
	"fmt"
	"slices"
	"strings"
)

// Match is a condition on the revision of a command's own aggregate, as If-Match states it
// (RFC 9110, 13.1.1).
type Match struct {
	Any       bool    // it exists, at whatever revision
	Revisions []int64 // or it is at one of these; none holds never
}

// Seen is the condition that the aggregate is as somebody saw it.
func Seen(revision int64) *Match { return &Match{Revisions: []int64{revision}} }

// holds reports whether an aggregate at this revision, -1 for none, is as the condition says. No
// condition always holds.
func (m *Match) holds(revision int64) bool {
	return m == nil || m.Any && revision >= 0 || slices.Contains(m.Revisions, revision)
}

// String tells conditions apart.
func (m *Match) String() string {
	switch {
	case m == nil:
		return "-1"
	case m.Any:
		return "*"
	}
	return strings.Trim(fmt.Sprint(m.Revisions), "[]")
}
