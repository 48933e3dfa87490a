package door

import (
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
)

// The keys of the metadata that travels with each event.
const (
	keyType        = "type"
	keyContentType = "content-type"
	keyCreated     = "created"

	contentJSON   = "application/json"
	contentBinary = "application/octet-stream"
)

// maxName bounds the names of streams, groups and types. They are sent back in trailers, of
// which clients accept only so much.
const maxName = 1024

// streamName returns the name in an identifier, once it is checked.
func streamName(id *shared.StreamIdentifier) (string, error) {
	name := string(id.GetStreamName())
	switch {
	case name == "":
		return "", invalid("A stream name is needed.")
	case len(name) > maxName:
		return "", invalid("The stream name is too long.")
	case !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return "", invalid("The stream name is no text.")
	}
	return name, nil
}

// writableName returns the name of a stream that can be written to.
func writableName(id *shared.StreamIdentifier) (string, error) {
	name, err := streamName(id)
	if err != nil {
		return "", err
	}
	if name == "$all" || name == index.MetastreamPrefix || strings.HasPrefix(name, "$$$$") {
		return "", invalid("This stream cannot be written to.")
	}
	return name, nil
}

func identifier(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

// eventID reads an id in either of its forms.
func eventID(id *shared.UUID) (uuid.UUID, error) {
	switch v := id.GetValue().(type) {
	case *shared.UUID_Structured_:
		var u uuid.UUID
		binary.BigEndian.PutUint64(u[:8], uint64(v.Structured.GetMostSignificantBits()))
		binary.BigEndian.PutUint64(u[8:], uint64(v.Structured.GetLeastSignificantBits()))
		return u, nil
	case *shared.UUID_String_:
		u, err := uuid.Parse(v.String_)
		if err != nil {
			return uuid.UUID{}, invalid("An id is no UUID.")
		}
		return u, nil
	default:
		return uuid.UUID{}, invalid("An id is missing.")
	}
}

// wireID returns an id in the form that the client asked for.
func wireID(u uuid.UUID, asString bool) *shared.UUID {
	if asString {
		return &shared.UUID{Value: &shared.UUID_String_{String_: u.String()}}
	}
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits:  int64(binary.BigEndian.Uint64(u[:8])),
		LeastSignificantBits: int64(binary.BigEndian.Uint64(u[8:])),
	}}}
}

// ticks returns a time in .NET's units of 100 ns since the UNIX epoch.
func ticks(t time.Time) int64 { return t.UnixNano() / 100 }

// eventMetadata returns what clients expect to find with each event.
func eventMetadata(e eventstore.Recorded) map[string]string {
	content := contentJSON
	if e.Binary {
		content = contentBinary
	}
	return map[string]string{
		keyType: e.Type, keyContentType: content, keyCreated: strconv.FormatInt(ticks(e.Created), 10),
	}
}

// recorded returns an event for a read; nil for the zero event (a link whose target is gone).
func recorded(e eventstore.Recorded, stringIDs bool) *streams.ReadResp_ReadEvent_RecordedEvent {
	if e.Stream == "" {
		return nil
	}
	return &streams.ReadResp_ReadEvent_RecordedEvent{
		Id:               wireID(e.ID, stringIDs),
		StreamIdentifier: identifier(e.Stream),
		StreamRevision:   uint64(e.Revision),
		PreparePosition:  e.Position.Commit(),
		CommitPosition:   e.Position.Commit(),
		Metadata:         eventMetadata(e),
		CustomMetadata:   e.Metadata,
		Data:             e.Data,
	}
}

// proposed is an event as a client proposes it, in Append and in BatchAppend.
type proposed interface {
	GetId() *shared.UUID
	GetMetadata() map[string]string
	GetCustomMetadata() []byte
	GetData() []byte
}

// event reads a proposed event. Its errors are errMissingMetadata and invalid ones.
func event(p proposed) (eventstore.Event, error) {
	id, err := eventID(p.GetId())
	if err != nil {
		return eventstore.Event{}, err
	}
	name, content := p.GetMetadata()[keyType], p.GetMetadata()[keyContentType]
	switch {
	case name == "" || content == "":
		return eventstore.Event{}, errMissingMetadata
	case len(name) > maxName || strings.ContainsRune(name, 0):
		return eventstore.Event{}, invalid("The event type is too long or no text.")
	case name == index.TypeStreamDeleted:
		return eventstore.Event{}, invalid("Streams are deleted by Tombstone, not by an event.")
	}
	return eventstore.Event{
		ID: id, Type: name, Data: p.GetData(), Metadata: p.GetCustomMetadata(), Binary: content != contentJSON,
	}, nil
}

// eventSize returns what an event counts in the size of an append.
func eventSize(e eventstore.Event) int { return len(e.Type) + len(e.Data) + len(e.Metadata) }
