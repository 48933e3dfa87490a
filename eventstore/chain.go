package eventstore

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"
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
	room := make([]byte, 0, len(hashVersion)+len(stream)+len(e.Type)+len(e.Data)+len(covered)+hashFixed)
	sum, _ := sumOf(room, stream, revision, e, covered)
	return hex.EncodeToString(sum[:])
}

// hashFixed is how long what is hashed is beside the texts in it.
const hashFixed = 8*7 + 16

// sumOf returns the hash of an event, and the room that it used, which may have grown.
func sumOf(room []byte, stream string, revision int64, e Event, covered []byte) (sum [sha256.Size]byte, used []byte) {
	b := room[:0]
	b = binary.BigEndian.AppendUint64(b, uint64(len(hashVersion)))
	b = append(b, hashVersion...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(stream)))
	b = append(b, stream...)
	b = binary.BigEndian.AppendUint64(b, uint64(revision))
	b = binary.BigEndian.AppendUint64(b, uint64(len(e.ID)))
	b = append(b, e.ID[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(e.Type)))
	b = append(b, e.Type...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(e.Data)))
	b = append(b, e.Data...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(covered)))
	b = append(b, covered...)
	return sha256.Sum256(b), b
}

// What is wrong with an event by itself, whatever stands before it.
var (
	// ErrUnhashed says that an event carries no hash: the program did not write it, whatever its type
	// and its envelope say.
	ErrUnhashed = errors.New("the event carries no hash, so this program did not write it")
	// ErrChanged says that the hash which an event carries is not that of its bytes.
	ErrChanged = errors.New("the event was changed: the hash that it carries is not that of its bytes")
)

// Held compares an event with the hash that it carries. Errors: ErrUnhashed, ErrChanged.
func Held(r Recorded) error {
	_, err := held(r, nil)
	return err
}

// held is Held with room for what is hashed, which it returns.
func held(r Recorded, room []byte) ([]byte, error) {
	covered, hash, ok := splitHash(r.Metadata)
	if !ok {
		return room, ErrUnhashed
	}
	sum, room := sumOf(room, r.Stream, r.Revision, r.Event, covered)
	var text [hashHex]byte
	hex.Encode(text[:], sum[:])
	if subtle.ConstantTimeCompare([]byte(hash), text[:]) != 1 {
		return room, ErrChanged
	}
	return room, nil
}

// behind returns the tail behind an event that is taken for nothing. The next event of ours is chained
// to the hash that it carries, right or wrong, or else to that of its bytes.
func behind(r Recorded) Tail {
	hash := ClaimedHash(r)
	if hash == "" {
		hash = HashOf(r)
	}
	return Tail{Next: r.Revision + 1, Hash: hash}
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
