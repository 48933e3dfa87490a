package door_test

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

func (h *house) client(settings string) *esdb.Client {
	h.t.Helper()
	configuration, err := esdb.ParseConnectionString("esdb://" + h.address() + settings)
	if err != nil {
		h.t.Fatal(err)
	}
	configuration.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(configuration)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = client.Close() }) // nothing is in flight at the end of a test
	return client
}

func TestSmoke(t *testing.T) {
	h := build(t)
	c := h.client("?tls=false")
	_, err := c.AppendToStream(within(t), "order-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}},
		esdb.EventData{EventID: id(1), EventType: "tested", ContentType: esdb.ContentTypeJson, Data: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.ReadStream(within(t), "order-1", esdb.ReadStreamOptions{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := r.Recv()
	if err != nil {
		t.Fatal(err)
	}
	t.Log(e.Event.EventID, e.Event.CreatedDate)
}
