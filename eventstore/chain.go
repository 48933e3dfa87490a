package eventstore

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Tail is where a stream ends, as its next appender needs it. The zero is a stream never
// written.
type Tail struct {
	Next int64  // the revision that the next event gets: the number of events so far
	Hash string // of the last event
}

// Expected is the expectation that the stream has not moved since.
func (t Tail) Expected() Expected { return Expected(t.Next - 1) }

// The metadata ends with the hash, so that what the hash covers is a prefix of the very
// bytes that were stored: nothing needs to be encoded again to check it.
const (
	hashIntro    = `,"hash":"`
	hashOutro    = `"}`
	prevIntro    = `,"prevHash":"`
	hashHex      = sha256.Size * 2
	hashTailSize = len(hashIntro) + hashHex + len(hashOutro)

	hashVersion = "sleutelbos.event.v1"
)

// withHash closes the metadata (a JSON object without a hash) with the event's hash.
func withHash(stream string, revision int64, e Event) (metadata []byte, hash string) {
	covered := bytes.TrimSuffix(e.Metadata, []byte("}"))
	hash = hashOf(stream, revision, e, covered)
	out := make([]byte, 0, len(covered)+hashTailSize)
	out = append(out, covered...)
	out = append(out, hashIntro...)
	out = append(out, hash...)
	return append(out, hashOutro...), hash
}

func hashOf(stream string, revision int64, e Event, covered []byte) string {
	var room [256]byte
	head := room[:0]
	head = binary.BigEndian.AppendUint64(head, uint64(len(hashVersion)))
	head = append(head, hashVersion...)
	head = binary.BigEndian.AppendUint64(head, uint64(len(stream)))
	head = append(head, stream...)
	head = binary.BigEndian.AppendUint64(head, uint64(revision))
	head = binary.BigEndian.AppendUint64(head, uint64(len(e.ID)))
	head = append(head, e.ID[:]...)
	head = binary.BigEndian.AppendUint64(head, uint64(len(e.Type)))
	head = append(head, e.Type...)
	head = binary.BigEndian.AppendUint64(head, uint64(len(e.Data)))
	h := sha256.New()
	h.Write(head)
	h.Write(e.Data)
	h.Write(binary.BigEndian.AppendUint64(head[:0], uint64(len(covered))))
	h.Write(covered)
	return hex.EncodeToString(h.Sum(head[:0]))
}

// ChainError says where a stream's chain is broken.
type ChainError struct {
	Stream   string
	Revision int64
	Problem  string
}

func (e *ChainError) Error() string {
	return fmt.Sprintf("the chain of %s is broken at revision %d: %s", e.Stream, e.Revision, e.Problem)
}

// Follow checks that the event is the one that comes next after the tail, unchanged, and
// answers the tail after it. The error is a *ChainError.
func (t Tail) Follow(r Recorded) (Tail, error) {
	broken := func(revision int64, problem string) (Tail, error) {
		return Tail{}, &ChainError{Stream: r.Stream, Revision: revision, Problem: problem}
	}
	if r.Revision != t.Next {
		return broken(t.Next, fmt.Sprintf("the event is missing; revision %d stands in its place", r.Revision))
	}
	covered, hash, ok := splitHash(r.Metadata)
	if !ok {
		return broken(r.Revision, "the event carries no hash")
	}
	if subtle.ConstantTimeCompare([]byte(hash), []byte(hashOf(r.Stream, r.Revision, r.Event, covered))) != 1 {
		return broken(r.Revision, "the event was changed: its hash does not match its bytes")
	}
	// The envelope ends with the two hashes. No string of JSON can look like this end, nor
	// can a member within another: the one brace behind it closes the envelope itself.
	before, ok := bytes.CutSuffix(covered, []byte(`"`))
	before, follows := bytes.CutSuffix(before, []byte(t.Hash))
	if !ok || !follows || !bytes.HasSuffix(before, []byte(prevIntro)) {
		return broken(r.Revision, "the event does not follow the one before it")
	}
	return Tail{Next: r.Revision + 1, Hash: hash}, nil
}

// HashOf answers the hash that an event's bytes give, whether or not it is the one that
// the event carries.
func HashOf(r Recorded) string {
	covered, _, ok := splitHash(r.Metadata)
	if !ok {
		covered = r.Metadata
	}
	return hashOf(r.Stream, r.Revision, r.Event, covered)
}

// ClaimedHash answers the hash that an event carries, whether or not it is right; empty if
// it carries none.
func ClaimedHash(r Recorded) string {
	_, hash, _ := splitHash(r.Metadata)
	return hash
}

func splitHash(metadata []byte) (covered []byte, hash string, ok bool) {
	at := len(metadata) - hashTailSize
	if at < 0 || !bytes.HasPrefix(metadata[at:], []byte(hashIntro)) || !bytes.HasSuffix(metadata, []byte(hashOutro)) {
		return nil, "", false
	}
	return metadata[:at], string(metadata[at+len(hashIntro) : len(metadata)-len(hashOutro)]), true
}
