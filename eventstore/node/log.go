// Package node is the embedded event log: one SQLite file, one goroutine that commits.
// It is append-only. It refuses to run twice on one folder, to acknowledge what is not on
// the disk, and to change or remove what was stored; truncation and deletion only hide.
//
// A Log knows everything, system events ("$…") included; Log.Store is the port, which
// hides them.
package node

import (
	"errors"
	"time"

	"sleutelbos/eventstore"
)

// Options say where a log lies and how much memory it may use.
type Options struct {
	Dir           string           // the folder; the log is the file log.db in it
	Now           func() time.Time // the clock of Recorded.Created and $maxAge; default time.Now
	MaxAppendSize int              // bytes of data, metadata and types of one append; default 1 MiB
	TailEvents    int              // newest events kept in memory for live readers; default 8192
	TailBytes     int              // most bytes that these may take; default 16 MiB
}

// The errors of a log besides those of the port. Compare with errors.Is.
var (
	ErrInUse         = errors.New("another process uses this event log")
	ErrClosed        = errors.New("the event log is closed")
	ErrReadOnly      = errors.New("the event log was opened for reading only")
	ErrVirtualStream = errors.New("the stream is computed from others and cannot be written")
	ErrCorrupt       = errors.New("the event log is damaged")
)

// Tombstoned is the revision of the event $streamDeleted, the last a stream can have.
const Tombstoned int64 = 1<<63 - 1

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

// StreamState tells the ways apart in which a stream can show no events.
type StreamState int

// The states of a stream.
const (
	StreamMissing     StreamState = iota // never written
	StreamLive                           // written; its events may all be truncated yet
	StreamSoftDeleted                    // deleted; the next append brings it back
)

// StreamInfo is what a reader sees of a stream without reading it.
type StreamInfo struct {
	State StreamState
	First int64 // of the first event that shows; Last+1 if all are truncated; -1 if missing
	Last  int64 // of the last event ever written; -1 if missing
}

// StreamPage is a part of a stream. A stream deleted softly shows no events.
type StreamPage struct {
	StreamInfo
	Events []eventstore.Recorded // shared with other readers: do not change them
	Next   int64                 // the revision from which to read on, in the same direction
	AtEnd  bool                  // nothing lies beyond, at the moment of the read
}

// AllQuery asks for a part of the log.
type AllQuery struct {
	Beyond    eventstore.Position // exclusive, in either direction
	Direction eventstore.Direction
	Limit     int // most events to answer; 0 means 512
	// Consider is the most positions to look at, which bounds the work of a filter;
	// 0 means no bound but the end. Positions are dense, so a page that goes on to
	// position p has looked at the difference.
	Consider int
	Filter   eventstore.Filter                   // by prefix; skips by index
	Match    func(stream, eventType string) bool // any other filter; nil keeps all
	System   bool                                // answer system streams and types too
}

// AllPage is a part of the log.
type AllPage struct {
	Events []eventstore.Recorded // shared with other readers: do not change them
	Next   eventstore.Position   // everything up to here was considered: read on beyond it
	AtEnd  bool                  // nothing lies beyond, at the moment of the read
}

// Metadata is what the newest event of "$$stream" says.
type Metadata struct {
	MaxCount       int64         // 0 is unlimited
	MaxAge         time.Duration // 0 is unlimited
	TruncateBefore int64         // events of lower revisions do not show; Tombstoned (max int64) is a soft delete
	JSON           []byte        // the whole, with $acl and what users added; nil if there is none
	Revision       int64         // of the event in the metastream; -1 if there is none
}
