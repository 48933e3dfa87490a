package index

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// LinkTo returns the event of a virtual stream that leads to a target. It stands where its
// target stands.
func LinkTo(target *eventstore.Recorded, stream string, kind, revision int64) eventstore.Recorded {
	data := strconv.AppendInt(make([]byte, 0, len(target.Stream)+20), target.Revision, 10)
	data = append(append(data, '@'), target.Stream...)
	return eventstore.Recorded{
		Event:  eventstore.Event{ID: linkID(target.ID, kind), Type: TypeLink, Data: data, Binary: true},
		Stream: stream, Revision: revision, Position: target.Position, Created: target.Created,
	}
}

// linkID returns the id of the link of a kind to an event: the same whenever it is read,
// another for each kind, and one that no event has (version 8).
func linkID(id uuid.UUID, kind int64) uuid.UUID {
	binary.BigEndian.PutUint32(id[:4], binary.BigEndian.Uint32(id[:4])^uint32(kind)*0x9e3779b1) // a mix, the top bits may go
	id[6] = id[6]&0x0f | 0x80
	return id
}

// IsLink says whether an event leads to another. One of the type of links whose data leads nowhere
// is an event like any other.
func IsLink(e *eventstore.Recorded) bool {
	_, _, ok := ParseLink(e)
	return ok
}

// ParseLink reads where a link leads, which its data says as "revision@stream".
func ParseLink(e *eventstore.Recorded) (revision int64, stream string, ok bool) {
	number, stream, ok := strings.Cut(string(e.Data), "@")
	revision, err := strconv.ParseInt(number, 10, 64)
	return revision, stream, e.Type == TypeLink && ok && err == nil && revision >= 0 && stream != ""
}
