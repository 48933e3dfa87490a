package eventstore

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Tail is the end of a stream, as far as the next appender has to know it. The zero value is
// the tail of a stream that was never written.
type Tail struct {
	Next int64  // the revision that the next event gets: the number of events so far
	Hash string // of the last event
}

// Expected returns the expectation that nothing was appended behind the tail.
func (t Tail) Expected() Expected { return Expected(t.Next - 1) }

// These make up the end of the metadata: it ends with the hash. So the hash covers a prefix of the stored bytes, and who
// checks it need not encode anything again.
const (
	hashIntro    = `,"hash":"`
	hashOutro    = `"}`
	prevIntro    = `,"prevHash":"`
	hashHex      = sha256.Size * 2
	hashTailSize = len(hashIntro) + hashHex + len(hashOutro)

	hashVersion = "sleutelbos.event.v1"
)

// withHash appends the event's hash to its metadata, a JSON object without one, and closes it.
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

// Follow checks that an event comes next after the tail and was not changed, and returns
// the tail after it. The error is a *ChainError.
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
	// The envelope ends with the two hashes. Nothing else can look like this end: a JSON
	// string would escape its quotes, and a member of an inner object has two braces behind it.
	before, ok := bytes.CutSuffix(covered, []byte(`"`))
	before, follows := bytes.CutSuffix(before, []byte(t.Hash))
	if !ok || !follows || !bytes.HasSuffix(before, []byte(prevIntro)) {
		return broken(r.Revision, "the event does not follow the one before it")
	}
	return Tail{Next: r.Revision + 1, Hash: hash}, nil
}

// HashOf returns the hash of an event's bytes, which need not be the one that the event
// carries.
func HashOf(r Recorded) string {
	covered, _, ok := splitHash(r.Metadata)
	if !ok {
		covered = r.Metadata
	}
	return hashOf(r.Stream, r.Revision, r.Event, covered)
}

// ClaimedHash returns the hash that an event carries, right or wrong, or an empty string if it
// carries none.
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
