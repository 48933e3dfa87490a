// Package index finds events by what they are called: a stream's head by its name, a stream
// and a type by their numbers, the events of a category or a type by their order in it.
//
// The rows of the file are the truth. Kinds and Links are kept in memory as well, because
// the committer asks for them with every event; Names and Head are read when they are
// needed, and kept by package cache.
package index

import "strings"

// The types and streams that the log itself knows.
const (
	TypeMetadata      = "$metadata"
	TypeStreamDeleted = "$streamDeleted"
	TypeLink          = "$>" // data is "revision@stream"
	MetastreamPrefix  = "$$" // "$$s" holds the metadata of stream s; only its newest event shows
	CategoryPrefix    = "$ce-"
	TypePrefix        = "$et-"
	StreamsStream     = "$streams" // a link to the first event of every stream
)

// Tombstoned is the revision of the event $streamDeleted, the last a stream can have.
const Tombstoned int64 = 1<<63 - 1

// IsSystem says whether an event is the log's own, which the port does not show.
func IsSystem(stream, eventType string) bool { return stream[0] == '$' || eventType[0] == '$' }

// IsVirtual says whether a stream is computed from others, and so cannot be written.
func IsVirtual(stream string) bool {
	return stream == StreamsStream || strings.HasPrefix(stream, CategoryPrefix) || strings.HasPrefix(stream, TypePrefix)
}

// IsMetastream says whether a stream holds the metadata of another.
func IsMetastream(stream string) bool { return strings.HasPrefix(stream, MetastreamPrefix) }

// Described returns the stream whose metadata a metastream holds.
func Described(metastream string) string { return metastream[len(MetastreamPrefix):] }

// Category returns the part of a stream's name before the first dash.
func Category(stream string) (string, bool) {
	name, _, ok := strings.Cut(stream, "-")
	return name, ok && name != ""
}
