package door_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	persistentpb "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
)

var noon = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)

// limit ends whatever hangs.
const limit = 20 * time.Second

// house is a log with a door in front, and a raw client at the door.
type house struct {
	t          testing.TB
	dir        string
	log        *node.Log
	door       *door.Server
	conn       *grpc.ClientConn
	streams    streams.StreamsClient
	persistent persistentpb.PersistentSubscriptionsClient
	features   serverfeatures.ServerFeaturesClient
	stop       func() // the door and the log
}

// build opens a log and its door; the changes are made to the door's options.
func build(t testing.TB, changes ...func(*door.Options)) *house {
	t.Helper()
	return buildIn(t, t.TempDir(), changes...)
}

func buildIn(t testing.TB, dir string, changes ...func(*door.Options)) *house {
	t.Helper()
	listener, err := door.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	log, err := node.Open(context.Background(), node.Options{Dir: dir, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	o := door.Options{Listen: listener, Open: true}
	for _, change := range changes {
		change(&o)
	}
	d, err := door.New(context.Background(), log, o)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background()) }()
	h := &house{t: t, dir: dir, log: log, door: d}
	stopped := atomic.Bool{}
	h.stop = func() {
		if stopped.Swap(true) {
			return
		}
		d.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(h.stop)
	h.conn = h.dial(grpc.WithTransportCredentials(insecure.NewCredentials()))
	h.streams = streams.NewStreamsClient(h.conn)
	h.persistent = persistentpb.NewPersistentSubscriptionsClient(h.conn)
	h.features = serverfeatures.NewServerFeaturesClient(h.conn)
	return h
}

func (h *house) address() string { return h.door.Addr().String() }

func (h *house) dial(options ...grpc.DialOption) *grpc.ClientConn {
	h.t.Helper()
	target := h.address()
	if _, isUnix := h.door.Addr().(*net.UnixAddr); isUnix {
		target = "unix:" + filepath.Clean(target)
	}
	conn, err := grpc.NewClient(target, append(options, grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(17<<20)))...)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() }) // closed twice by tests that close it
	return conn
}

// within is a context that ends with the test, or when the test hangs.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// id is the n-th fixed id.
func id(n int) uuid.UUID {
	var u uuid.UUID
	u[0] = 0xe0
	binary.BigEndian.PutUint32(u[12:], uint32(n))
	return u
}

func structured(u uuid.UUID) *shared.UUID {
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits:  int64(binary.BigEndian.Uint64(u[:8])),
		LeastSignificantBits: int64(binary.BigEndian.Uint64(u[8:])),
	}}}
}

func named(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

var empty = &shared.Empty{}

// write puts n events with ids from first on straight into the log.
func (h *house) write(stream string, first, n int) eventstore.Receipt {
	h.t.Helper()
	events := make([]eventstore.Event, n)
	for i := range events {
		events[i] = eventstore.Event{ID: id(first + i), Type: "tested", Data: fmt.Appendf(nil, `{"n":%d}`, first+i), Metadata: []byte(`{}`)}
	}
	return h.writeEvents(stream, events...)
}

func (h *house) writeEvents(stream string, events ...eventstore.Event) eventstore.Receipt {
	h.t.Helper()
	r, err := h.log.Append(within(h.t), stream, eventstore.Any, events...)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// until polls a condition.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("it did not happen: %s", what)
		}
		time.Sleep(2 * time.Millisecond) // polling, with a deadline
	}
}
