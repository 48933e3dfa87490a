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
	hashHex      = sha256.Size * 2
	hashTailSize = len(hashIntro) + hashHex + len(hashOutro)
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
	h := sha256.New()
	var size [8]byte
	part := func(b []byte) {
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		h.Write(size[:])
		h.Write(b)
	}
	part([]byte("sleutelbos.event.v1"))
	part([]byte(stream))
	binary.BigEndian.PutUint64(size[:], uint64(revision))
	h.Write(size[:])
	part(e.ID[:])
	part([]byte(e.Type))
	part(e.Data)
	part(covered)
	return hex.EncodeToString(h.Sum(nil))
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
	envelope, err := decodeEnvelope(r.Metadata)
	if err != nil {
		return broken(r.Revision, "the envelope can't be read")
	}
	if envelope.PrevHash != t.Hash {
		return broken(r.Revision, "the event does not follow the one before it")
	}
	return Tail{Next: r.Revision + 1, Hash: hash}, nil
}

func splitHash(metadata []byte) (covered []byte, hash string, ok bool) {
	at := len(metadata) - hashTailSize
	if at < 0 || !bytes.HasPrefix(metadata[at:], []byte(hashIntro)) || !bytes.HasSuffix(metadata, []byte(hashOutro)) {
		return nil, "", false
	}
	return metadata[:at], string(metadata[at+len(hashIntro) : len(metadata)-len(hashOutro)]), true
}
