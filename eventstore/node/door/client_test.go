package door_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore/node/door"
)

// client is the official client at the door.
func (h *house) client(scheme, settings string, change ...func(*esdb.Configuration)) *esdb.Client {
	h.t.Helper()
	configuration, err := esdb.ParseConnectionString(scheme + "://" + h.address() + settings)
	if err != nil {
		h.t.Fatal(err)
	}
	configuration.Logger = esdb.NoopLogging()
	for _, c := range change {
		c(configuration)
	}
	client, err := esdb.NewClient(configuration)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = client.Close() }) // nothing is in flight at the end of a test
	return client
}

func jsonEvent(n int) esdb.EventData {
	return esdb.EventData{EventID: id(n), EventType: "tested", ContentType: esdb.ContentTypeJson, Data: fmt.Appendf(nil, `{"n":%d}`, n), Metadata: []byte(`{"m":1}`)}
}

func codeOf(t *testing.T, err error) esdb.ErrorCode {
	t.Helper()
	e, ok := errors.AsType[*esdb.Error](err)
	if !ok {
		t.Fatalf("no error of the client: %v", err)
	}
	return e.Code()
}

func all(t *testing.T, s *esdb.ReadStream, err error) []*esdb.ResolvedEvent {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var events []*esdb.ResolvedEvent
	for {
		e, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return events
		}
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
}

func TestOfficialClient(t *testing.T) {
	for _, c := range []struct {
		name, scheme string
		open         func(t *testing.T) *house
	}{
		{"over TCP", "esdb", func(t *testing.T) *house { return build(t) }},
		{"discovered by gossip", "esdb+discover", func(t *testing.T) *house { return build(t) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := c.open(t)
			useClient(t, h, h.client(c.scheme, "?tls=false"))
		})
	}
	t.Run("over a Unix socket", func(t *testing.T) {
		path := t.TempDir() + "/s"
		h := build(t, func(o *door.Options) {
			o.Listen.Close()
			var err error
			if o.Listen, err = door.Listen("unix:" + path); err != nil {
				t.Fatal(err)
			}
		})
		configuration, err := esdb.ParseConnectionString("esdb://localhost:1?tls=false")
		if err != nil {
			t.Fatal(err)
		}
		configuration.Address, configuration.DisableTLS, configuration.Logger = "unix:"+path, true, esdb.NoopLogging()
		client, err := esdb.NewClient(configuration)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() }) // nothing is in flight at the end of a test
		useClient(t, h, client)
	})
	t.Run("over TLS as admin", func(t *testing.T) {
		h, pool := guardedHouse(t)
		configuration, err := esdb.ParseConnectionString("esdb://admin:changeit@" + h.address())
		if err != nil {
			t.Fatal(err)
		}
		configuration.RootCAs, configuration.Logger = pool, esdb.NoopLogging()
		client, err := esdb.NewClient(configuration)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() }) // nothing is in flight at the end of a test
		useClient(t, h, client)
		t.Run("1.8 a wrong password", func(t *testing.T) {
			_, err := client.AppendToStream(within(t), "x", esdb.AppendToStreamOptions{
				ExpectedRevision: esdb.Any{}, Authenticated: &esdb.Credentials{Login: "admin", Password: "wrong"},
			}, jsonEvent(90))
			same(t, esdb.ErrorCodeUnauthenticated, codeOf(t, err))
		})
	})
}

// useClient does what an application does.
func useClient(t *testing.T, h *house, c *esdb.Client) {
	t.Helper()
	ctx := within(t)
	append := func(stream string, expected esdb.ExpectedRevision, events ...esdb.EventData) (*esdb.WriteResult, error) {
		return c.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
	}
	result, err := append("a", esdb.NoStream{}, jsonEvent(1), jsonEvent(2), jsonEvent(3))
	if err != nil {
		t.Fatal(err)
	}
	same(t, &esdb.WriteResult{CommitPosition: 3, PreparePosition: 3, NextExpectedVersion: 2}, result)

	_, err = append("a", esdb.NoStream{}, jsonEvent(4))
	same(t, esdb.ErrorCodeWrongExpectedVersion, codeOf(t, err))

	events := all(t, first(c.ReadStream(ctx, "a", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 2)), nil)
	same(t, 2, len(events))
	same(t, id(3), events[0].Event.EventID)
	same(t, noon, events[0].Event.CreatedDate)
	same(t, 3, len(all(t, first(c.ReadAll(ctx, esdb.ReadAllOptions{}, 10)), nil)))

	metadata := esdb.StreamMetadata{}
	metadata.SetMaxCount(2)
	if _, err := c.SetStreamMetadata(ctx, "a", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, metadata); err != nil {
		t.Fatal(err)
	}
	metadata.SetMaxCount(1)
	if _, err := c.SetStreamMetadata(ctx, "a", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, metadata); err != nil {
		t.Fatal(err)
	}
	stored, err := c.GetStreamMetadata(ctx, "a", esdb.ReadStreamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, uint64(1), *stored.MaxCount())
	same(t, 1, len(all(t, first(c.ReadStream(ctx, "a", esdb.ReadStreamOptions{}, 10)), nil)))

	if _, err := append("b", esdb.Any{}, jsonEvent(10)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeleteStream(ctx, "b", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
	reading, err := c.ReadStream(ctx, "b", esdb.ReadStreamOptions{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	_, err = reading.Recv()
	same(t, esdb.ErrorCodeResourceNotFound, codeOf(t, err))

	if _, err := c.TombstoneStream(ctx, "b", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
	_, err = append("b", esdb.Any{}, jsonEvent(11))
	same(t, esdb.ErrorCodeStreamDeleted, codeOf(t, err))
}

func first(s *esdb.ReadStream, err error) *esdb.ReadStream {
	if err != nil {
		panic(err)
	}
	return s
}

// next receives until an event came; what came before it is counted by kind.
func next(t *testing.T, s *esdb.Subscription) (*esdb.ResolvedEvent, map[string]int) {
	t.Helper()
	before := map[string]int{}
	for {
		e := s.Recv()
		switch {
		case e.EventAppeared != nil:
			return e.EventAppeared, before
		case e.CheckPointReached != nil:
			before["checkpoint"]++
		case e.CaughtUp != nil:
			before["caught up"]++
		case e.SubscriptionDropped != nil:
			t.Fatalf("the subscription was dropped: %v", e.SubscriptionDropped.Error)
		}
	}
}

// TestClientFollows: filter, checkpoints, caught up, and resuming at a new server.
func TestClientFollows(t *testing.T) {
	dir := t.TempDir()
	h := buildIn(t, dir)
	h.write("other", 1, 100)
	h.write("order-1", 201, 1)
	subscribe := func(c *esdb.Client, from esdb.AllPosition) *esdb.Subscription {
		s, err := c.SubscribeToAll(within(t), esdb.SubscribeToAllOptions{
			From: from, MaxSearchWindow: 10, CheckpointInterval: 2,
			Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"order-"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := subscribe(h.client("esdb", "?tls=false"), esdb.Start{})
	_, before := next(t, s)
	same(t, map[string]int{"checkpoint": 5}, before)
	h.write("order-2", 202, 1)
	e, before := next(t, s)
	same(t, 1, before["caught up"])
	same(t, id(202), e.Event.EventID)
	position := e.Event.Position
	h.stop()

	h = buildIn(t, dir)
	h.write("order-3", 203, 1)
	s = subscribe(h.client("esdb", "?tls=false"), position)
	e, _ = next(t, s)
	same(t, id(203), e.Event.EventID)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestClientSurvivesRestart: a client goes on when the server is back at once (1.7).
func TestClientSurvivesRestart(t *testing.T) {
	dir := t.TempDir()
	h := buildIn(t, dir)
	at := h.address()
	c := h.client("esdb", "?tls=false")
	append := func(n int) error {
		_, err := c.AppendToStream(within(t), "a", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, jsonEvent(n))
		return err
	}
	if err := append(1); err != nil {
		t.Fatal(err)
	}
	h.stop()
	buildIn(t, dir, func(o *door.Options) {
		o.Listen.Close()
		var err error
		if o.Listen, err = door.Listen(at); err != nil {
			t.Fatal(err)
		}
	})
	until(t, "the client goes on", func() bool { return append(2) == nil })
	same(t, 2, len(all(t, first(c.ReadStream(within(t), "a", esdb.ReadStreamOptions{}, 10)), nil)))
}

// TestClientInGroup: a persistent subscription of the official client.
func TestClientInGroup(t *testing.T) {
	h := build(t)
	c := h.client("esdb", "?tls=false")
	h.write("a", 1, 3)
	settings := esdb.SubscriptionSettingsDefault()
	settings.MaxRetryCount, settings.MessageTimeout = 1, 10_000
	err := c.CreatePersistentSubscription(within(t), "a", "g", esdb.PersistentStreamSubscriptionOptions{StartFrom: esdb.Start{}, Settings: &settings})
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.SubscribeToPersistentSubscription(within(t), "a", "g", esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	next := func() *esdb.EventAppeared {
		t.Helper()
		e := s.Recv()
		if e.SubscriptionDropped != nil {
			t.Fatal(e.SubscriptionDropped.Error)
		}
		return e.EventAppeared
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Ack(next().Event))
	must(s.Nack("again", esdb.NackActionRetry, next().Event))
	again := next()
	same(t, 1, again.RetryCount)
	must(s.Nack("no use", esdb.NackActionPark, again.Event))
	must(s.Ack(next().Event))
	info := func() *esdb.PersistentSubscriptionInfo {
		t.Helper()
		i, err := c.GetPersistentSubscriptionInfo(within(t), "a", "g", esdb.GetPersistentSubscriptionOptions{})
		must(err)
		return i
	}
	until(t, "one is parked", func() bool { return info().Stats.ParkedMessagesCount == 1 })
	must(c.ReplayParkedMessages(within(t), "a", "g", esdb.ReplayParkedMessagesOptions{}))
	replayed := next()
	same(t, id(2), replayed.Event.Event.EventID)
	must(s.Ack(replayed.Event))
	until(t, "none is parked", func() bool { return info().Stats.ParkedMessagesCount == 0 })
	same(t, settings.MessageTimeout, info().Settings.MessageTimeout)
	must(c.RestartPersistentSubscriptionSubsystem(within(t), esdb.RestartPersistentSubscriptionSubsystemOptions{}))
	must(c.DeletePersistentSubscription(within(t), "a", "g", esdb.DeletePersistentSubscriptionOptions{}))

	filter := &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "^a$"}
	must(c.CreatePersistentSubscriptionToAll(within(t), "g", esdb.PersistentAllSubscriptionOptions{StartFrom: esdb.Start{}, Filter: filter, MaxSearchWindow: 10}))
	toAll, err := c.SubscribeToPersistentSubscriptionToAll(within(t), "g", esdb.SubscribeToPersistentSubscriptionOptions{})
	must(err)
	defer toAll.Close()
	same(t, id(1), toAll.Recv().EventAppeared.Event.Event.EventID)
	infos, err := c.ListPersistentSubscriptionsToAll(within(t), esdb.ListPersistentSubscriptionsOptions{})
	must(err)
	same(t, 1, len(infos))
}
