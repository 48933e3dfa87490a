package esdb

import (
	"context"
	"os"
	"testing"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/storetest"
)

// withSystem writes system events with the client itself.
type withSystem struct{ *Store }

func (s withSystem) AppendSystem(ctx context.Context, stream string, e eventstore.Event) error {
	_, err := s.client.AppendToStream(ctx, stream, client.AppendToStreamOptions{},
		client.EventData{EventID: e.ID, EventType: e.Type, ContentType: client.ContentTypeJson, Data: e.Data})
	return err
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) eventstore.Store {
		path := socket(t)
		serve(t, "unix:"+path)
		return withSystem{open(t, "esdb+unix://"+path, Options{})}
	}, forgotten()...)
}

// A real server is asked where there is one.
func TestStoreOnARealServer(t *testing.T) {
	connectionString := os.Getenv("SLEUTELBOS_TEST_EVENTSTORE")
	if connectionString == "" {
		return
	}
	storetest.Run(t, func(t *testing.T) eventstore.Store {
		return withSystem{open(t, connectionString, Options{})}
	}, forgotten()...)
}
