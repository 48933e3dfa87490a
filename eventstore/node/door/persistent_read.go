package door

import (
	"context"
	"errors"
	"io"

	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/persistent"
)

// Read connects a consumer to a group: messages go one way, acknowledgements the other.
func (p persistentService) Read(call persistentpb.PersistentSubscriptions_ReadServer) error {
	ctx := call.Context()
	first, err := call.Recv()
	if err != nil {
		return err
	}
	o := first.GetOptions()
	if o == nil {
		return invalid("The first message must hold the options.")
	}
	k, err := keyOf(o)
	if err != nil {
		return err
	}
	user := caller(ctx)
	if k.Stream == persistent.All && !user.mayManage() || k.Stream != persistent.All && !user.maySee(k.Stream) {
		return accessDenied(ctx) // a group of $all hands out whatever comes, to whomever
	}
	if o.GetBufferSize() < 0 {
		return invalid("The buffer size is negative.")
	}
	stringIDs := false
	switch o.GetUuidOption().GetContent().(type) {
	case *persistentpb.ReadReq_Options_UUIDOption_Structured:
	case *persistentpb.ReadReq_Options_UUIDOption_String_:
		stringIDs = true
	default:
		return invalid("A read needs a form for ids.")
	}
	id := uuid.New().String()
	about := subscription{id: id, stream: k.Stream, group: k.Group}
	return p.door.run(ctx, about, func(ctx context.Context, live *liveCall) error {
		connection, err := p.door.groups.Connect(k, persistent.Consumer{
			Name: connectionName(ctx, id), From: live.from, User: user.Name, Buffer: int(o.GetBufferSize()),
		})
		if err != nil {
			return p.door.groupFault(ctx, k, err)
		}
		defer connection.Close()
		c := consumer{door: p.door, key: k, call: call, live: live, connection: connection, stringIDs: stringIDs, user: user}
		return c.run(ctx)
	})
}

// connectionName returns what the client calls its connection, or the id that we gave it.
func connectionName(ctx context.Context, id string) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if given := md.Get("connection-name"); len(given) > 0 && given[0] != "" && len(given[0]) <= maxName {
		return given[0]
	}
	return id
}

// consumer is a call that is connected to a group.
type consumer struct {
	door       *Server
	key        persistent.Key
	call       persistentpb.PersistentSubscriptions_ReadServer
	live       *liveCall
	connection *persistent.Connection
	stringIDs  bool
	user       User
}

func (c consumer) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c.door.workers.Go(func() { cancel(c.answers()) })
	confirmation := &persistentpb.ReadResp{Content: &persistentpb.ReadResp_SubscriptionConfirmation_{
		SubscriptionConfirmation: &persistentpb.ReadResp_SubscriptionConfirmation{SubscriptionId: c.key.String()},
	}}
	if err := c.send(confirmation); err != nil {
		return err
	}
	for {
		d, err := c.connection.Next(ctx)
		if err != nil {
			return c.ended(ctx, err)
		}
		if err := c.send(c.message(d)); err != nil {
			return err
		}
		if c.key.Stream == persistent.All {
			c.live.position.Store(int64(d.Event.Position.Commit()))
		} else {
			c.live.position.Store(d.Event.Revision)
		}
	}
}

// errLeft says that the client closed its side.
var errLeft = errors.New("the consumer left")

// ended returns the status of a call to which no more messages come.
func (c consumer) ended(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errLeft):
		return nil
	case errors.Is(err, persistent.ErrDropped):
		return c.door.groupFault(ctx, c.key, err)
	case cause != nil:
		return c.door.groupFault(ctx, c.key, cause)
	}
	return c.door.groupFault(ctx, c.key, err)
}

// answers receives acknowledgements until the client is done.
func (c consumer) answers() error {
	for {
		m, err := c.call.Recv()
		if errors.Is(err, io.EOF) {
			return errLeft
		}
		if err != nil {
			return err
		}
		switch content := m.GetContent().(type) {
		case *persistentpb.ReadReq_Ack_:
			ids, err := eventIDs(content.Ack.GetIds())
			if err != nil {
				return err
			}
			c.connection.Ack(ids...)
		case *persistentpb.ReadReq_Nack_:
			ids, err := eventIDs(content.Nack.GetIds())
			if err != nil {
				return err
			}
			c.connection.Nack(action(content.Nack.GetAction()), content.Nack.GetReason(), ids...)
		default:
			return invalid("A message is neither an acknowledgement nor a refusal.")
		}
	}
}

func action(a persistentpb.ReadReq_Nack_Action) persistent.Action {
	switch a {
	case persistentpb.ReadReq_Nack_Park:
		return persistent.Park
	case persistentpb.ReadReq_Nack_Skip:
		return persistent.Skip
	case persistentpb.ReadReq_Nack_Stop:
		return persistent.Leave
	default:
		return persistent.Retry
	}
}

func eventIDs(ids []*shared.UUID) ([]uuid.UUID, error) {
	found := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		var err error
		if found[i], err = eventID(id); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (c consumer) send(m *persistentpb.ReadResp) error {
	return c.live.send(func() error { return c.call.Send(m) })
}

func (c consumer) message(d persistent.Delivery) *persistentpb.ReadResp {
	answer := &persistentpb.ReadResp_ReadEvent{
		Position: &persistentpb.ReadResp_ReadEvent_CommitPosition{CommitPosition: d.Event.Position.Commit()},
		Count:    &persistentpb.ReadResp_ReadEvent_RetryCount{RetryCount: int32(d.Retries)},
	}
	if d.Link {
		answer.Link = handed(d.Event, c.stringIDs)
		if c.user.maySee(d.Target.Stream) {
			answer.Event = handed(d.Target, c.stringIDs)
		}
	} else {
		answer.Event = handed(d.Event, c.stringIDs)
	}
	return &persistentpb.ReadResp{Content: &persistentpb.ReadResp_Event{Event: answer}}
}

// handed returns an event for a persistent subscription; nil for the zero event.
func handed(e eventstore.Recorded, stringIDs bool) *persistentpb.ReadResp_ReadEvent_RecordedEvent {
	if e.Stream == "" {
		return nil
	}
	return &persistentpb.ReadResp_ReadEvent_RecordedEvent{
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
