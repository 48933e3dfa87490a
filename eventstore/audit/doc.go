// Package audit proves that the log is what it was: it signs what the log holds (seals),
// and later compares (Verify).
//
// # What a seal is
//
// Every event has a hash, and each stream's events form a chain; that alone shows a
// changed, removed, inserted or reordered event, but not that a stream lost its end. A
// seal is a checkpoint of a Merkle tree (RFC 6962, as sumdb/tlog) over the hashes of all
// events in the log's order, with the ends of the streams that changed since the seal
// before it, signed (ed25519, sumdb/note). It is appended as log.sealed.v1 to the stream
// seals-<yyyy-mm>, and written outside the log to <data>/seals/<size>.note; the first
// three lines of that file are a checkpoint as other transparency tools read it. Files are
// named by the number of events and not by position, because a log that is copied to
// another store keeps its order and gets other positions.
//
// The events of the seals' own streams are not in the tree. A seal can't cover itself, and
// other events may come between what it covers and its own place; with the seals left out,
// the tree depends on nothing but what it seals. The seals are protected by their
// signatures, their streams' chains and the copies outside, which name the place of the
// event: a removed seal is found.
//
// # What is not found
//
// Whoever can write to the store can remove or replace events that are newer than the last
// seal from the end of their streams, hashes recomputed, and nothing shows it: seal often,
// and at each stop. Whoever also has the signing key and the folder of the notes can make
// a new history altogether: keep the public key and copies of the notes where the
// operators of the store can't write. That a true event was never recorded can't be found
// at all.
package audit

import (
	"strings"

	"sleutelbos/eventstore"
)

// StreamPrefix begins the names of the streams that hold the seals.
const StreamPrefix = "seals-"

// Sealed says that the log was sealed. Its stored name is log.sealed.v1.
type Sealed struct {
	Size     int64  `json:"size"`     // events in the tree: all before it but seals
	Position string `json:"position"` // of the last of them in this store, decimal
	Root     string `json:"root"`     // of the tree, base64
	Streams  int    `json:"streams"`  // how many changed since the seal before
	Note     string `json:"note"`     // signed: all the above and the ends of those streams
}

// SealedName is the stored name of Sealed.
const SealedName = "log.sealed.v1"

func isSeal(r eventstore.Recorded) bool { return strings.HasPrefix(r.Stream, StreamPrefix) }
