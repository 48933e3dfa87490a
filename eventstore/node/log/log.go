// Package log appends to the embedded event log and reads it.
//
//	Append ─► request.check ─► queue ─► committer.try, on one goroutine, for a batch of requests:
//	                                      batch        judges each request by the head of its stream
//	                                      transaction  inserts the events, COMMIT: one wait for the disk
//	                                      publish      shows the commit in Memory, then wakes readers
//	                                      request.end  tells each asker its receipt or refusal
//
//	All.ReadAll ─────────► pages ─► Memory.Tail   the newest events
//	   │ a filter that keeps few    Memory.Blocks pages of older ones, read once for all readers
//	   └► index.Links ──► pages.at  logfile       the rows
//
//	Streams.ReadStream ─► Memory.Heads: what shows? ─► Memory.Tail, if only the last is wanted
//	   │ a virtual stream                             logfile: the rows of the stream
//	   └► index.Links ──► pages.at
//
// Appender, All and Streams are the three parts of a log; package node puts them together.
// All of them know everything, system events ("$…") included.
package log

import (
	"sleutelbos/eventstore"
)

// StreamState tells the ways apart in which a stream can show no events.
type StreamState int

// The states of a stream.
const (
	StreamMissing     StreamState = iota // never written
	StreamLive                           // written; all its events may be truncated
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
	Limit     int // most events to return; 0 means DefaultLimit
	// Consider is the most positions to look at, which bounds the work of a filter;
	// 0 means no bound but the end. Positions are dense, so a page that goes on to
	// position p has looked at the difference.
	Consider int
	Filter   eventstore.Filter                   // by prefix; skips by index
	Match    func(stream, eventType string) bool // any other filter; nil keeps all
	System   bool                                // return system streams and types too
}

// DefaultLimit is how many events a page has if its reader does not say.
const DefaultLimit = 512

// AllPage is a part of the log.
type AllPage struct {
	Events []eventstore.Recorded // shared with other readers: do not change them
	Next   eventstore.Position   // everything up to here was considered: read on beyond it
	AtEnd  bool                  // nothing lies beyond, at the moment of the read
}
