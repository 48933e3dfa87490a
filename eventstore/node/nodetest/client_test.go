package nodetest

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node"
)

// appender is what the histories are about: the log itself, or a client at its door.
type appender interface {
	append(ctx context.Context, stream string, expected eventstore.Expected, ids []uuid.UUID) (eventstore.Receipt, error)
	read(ctx context.Context, stream string) ([]uuid.UUID, error)
}

// outside is the official client, as a program uses it that outlives its server.
type outside struct{ client *client.Client }

func connect(t *testing.T, socket string) outside {
	t.Helper()
	config, err := client.ParseConnectionString("esdb://localhost?tls=false")
	must(t, err)
	config.Address, config.MaxDiscoverAttempts, config.DiscoveryInterval = "unix:"+socket, 1<<30, 5
	config.Logger = client.NoopLogging()
	c, err := client.NewClient(config)
	must(t, err)
	t.Cleanup(func() { _ = c.Close() }) // nothing is under way at the end of a test
	return outside{c}
}

func (o outside) append(ctx context.Context, stream string, expected eventstore.Expected, ids []uuid.UUID) (eventstore.Receipt, error) {
	events := make([]client.EventData, len(ids))
	for i, id := range ids {
		events[i] = client.EventData{EventID: id, EventType: "tested", ContentType: client.ContentTypeJson, Data: []byte(`"` + id.String() + `"`)}
	}
	result, err := within(ctx, func() (*client.WriteResult, error) {
		return o.client.AppendToStream(ctx, stream, client.AppendToStreamOptions{ExpectedRevision: expectation(expected)}, events...)
	})
	if e, ok := errors.AsType[*client.Error](err); ok && e.Code() == client.ErrorCodeWrongExpectedVersion {
		return eventstore.Receipt{}, &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: actualOf(e)}
	}
	if err != nil {
		return eventstore.Receipt{}, err
	}
	return eventstore.Receipt{Stream: stream, Revision: int64(result.NextExpectedVersion), Position: eventstore.AtCommit(result.CommitPosition)}, nil
}

func expectation(expected eventstore.Expected) client.ExpectedRevision {
	switch expected {
	case eventstore.Any:
		return client.Any{}
	case eventstore.NoStream:
		return client.NoStream{}
	case eventstore.StreamExists:
		return client.StreamExists{}
	}
	return client.Revision(uint64(expected))
}

// unsaid is the revision of a conflict that does not tell it.
const unsaid = -9

// actualOf reads the revision out of the client's text, the only place where it leaves it.
func actualOf(e *client.Error) int64 {
	_, rest, _ := strings.Cut(e.Error(), "but got '")
	current, _, _ := strings.Cut(rest, "'")
	if current == "no_stream" {
		return -1
	}
	n, err := strconv.ParseInt(current, 10, 64)
	if err != nil {
		return unsaid
	}
	return n
}

func (o outside) read(ctx context.Context, stream string) ([]uuid.UUID, error) {
	return within(ctx, func() ([]uuid.UUID, error) {
		s, err := o.client.ReadStream(ctx, stream, client.ReadStreamOptions{From: client.Start{}}, 1<<20)
		if err != nil {
			return nil, err
		}
		defer s.Close()
		var ids []uuid.UUID
		for {
			e, err := s.Recv()
			if e, ok := errors.AsType[*client.Error](err); ok && e.Code() == client.ErrorCodeResourceNotFound {
				return nil, nil
			}
			if errors.Is(err, io.EOF) {
				return ids, nil
			}
			if err != nil {
				return nil, err
			}
			ids = append(ids, e.Event.EventID)
		}
	})
}

// within returns what f returns, or that the context has ended: the client may hang beyond that.
func within[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := f()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// inside is the log itself.
type inside struct{ log *node.Log }

func (i inside) append(ctx context.Context, stream string, expected eventstore.Expected, ids []uuid.UUID) (eventstore.Receipt, error) {
	events := make([]eventstore.Event, len(ids))
	for n, id := range ids {
		events[n] = eventstore.Event{ID: id, Type: "tested", Data: []byte(`"` + id.String() + `"`)}
	}
	return i.log.Append(ctx, stream, expected, events...)
}

func (i inside) read(ctx context.Context, stream string) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	for e, err := range i.log.Store().ReadStream(ctx, stream, 0, eventstore.Forwards) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, e.ID)
	}
	return ids, nil
}

// newIDs returns up to three ids that follow from the seed of the generator.
func newIDs(random *rand.Rand) []uuid.UUID {
	ids := make([]uuid.UUID, 1+random.IntN(3))
	for i := range ids {
		for b := range ids[i] {
			ids[i][b] = byte(random.IntN(256))
		}
	}
	return ids
}

// whole reads the log of a folder that no process uses, and checks it in full.
func whole(t *testing.T, dir string) []eventstore.Recorded {
	t.Helper()
	log, err := node.Open(t.Context(), node.Options{Dir: dir})
	must(t, err)
	must(t, log.Verify(t.Context(), nil))
	return readAll(t, log)
}

// readBeside reads the log of a folder beside the process that uses it.
func readBeside(t *testing.T, dir string) []eventstore.Recorded {
	t.Helper()
	log, err := node.OpenReadOnly(t.Context(), node.Options{Dir: dir})
	must(t, err)
	return readAll(t, log)
}

// readAll reads a log and closes it.
func readAll(t *testing.T, log *node.Log) []eventstore.Recorded {
	t.Helper()
	var all []eventstore.Recorded
	for e, err := range log.Store().ReadAll(t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		must(t, err)
		all = append(all, e)
	}
	must(t, log.Close())
	return all
}

// eventually polls a condition.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute) // of a machine that has other work
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("it did not happen: %s", what)
		}
		time.Sleep(2 * time.Millisecond) // polling, with a deadline
	}
}
