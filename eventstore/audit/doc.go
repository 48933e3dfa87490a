// Package audit proves that nobody changed the log. A Sealer signs what the log holds; Verify
// compares the log with what was signed.
//
// # What a seal is
//
// Every event has a hash, and the events of each stream form a chain. The chain shows a
// changed, removed, inserted or reordered event, but not that a stream lost its end. A
// seal is a checkpoint of a Merkle tree (RFC 6962, as sumdb/tlog) over the hashes of all
// events in the log's order, with the ends of the streams that changed since the seal
// before it, signed (ed25519, sumdb/note). It is appended as log.sealed.v1 to the stream
// seals-<yyyy-mm>, and written outside the log to <data>/seals/<size>.note; the first
// three lines of that file are a checkpoint as other transparency tools read it. Files are
// named by the number of events and not by position, because a log that is copied to
// another store keeps its order and gets other positions.
//
// The tree leaves the seals' own streams out. A seal cannot cover itself, and other events
// may be written between the last event that it covers and the seal. Without the seals, the
// tree depends only on what it seals. The seals are protected by their signatures, by the
// chains of their streams and by the notes outside. A note names the place of its seal, so
// that a removed seal is found.
//
// # What is not found
//
// Whoever can write to the store can remove or replace events at the ends of streams that
// are newer than the last seal, and compute their hashes anew. Nothing shows that, so seal
// often and at each stop. Whoever also has the signing key and the folder of the notes can
// write a whole new history. So keep the public key and copies of the notes where the
// operators of the store cannot write. An event that was never recorded cannot be missed by
// any check.
package audit

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

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
	Note     Note   `json:"note"`     // signed: all the above and the ends of those streams
}

// Note is a signed checkpoint as it is kept outside the log, too. It has a line for each stream,
// so lists tell of it by its signer only.
type Note string

// Brief returns what a list shows instead of the note: who signed it.
func (n Note) Brief() (field, text string) {
	opened, err := note.Open([]byte(n), note.VerifierList())
	if unverified, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		opened = unverified.Note
	}
	if opened == nil {
		return "signer", ""
	}
	var signers []string
	for _, s := range append(opened.Sigs, opened.UnverifiedSigs...) {
		signers = append(signers, fmt.Sprintf("%s+%08x", s.Name, s.Hash))
	}
	return "signer", strings.Join(signers, ", ")
}

// SealedName is the stored name of Sealed.
const SealedName = "log.sealed.v1"

func isSeal(r eventstore.Recorded) bool { return strings.HasPrefix(r.Stream, StreamPrefix) }
