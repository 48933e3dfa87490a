package eventstore_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/keystest"
)

var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// accountOpened has the shapes that events have: plain, personal, optional, time.
type accountOpened struct {
	Organization string    `json:"organization_id"`
	Username     string    `json:"username" personal:"yes"`
	Name         string    `json:"name" personal:"yes"`
	Mail         string    `json:"email,omitempty" personal:"yes"`
	Role         string    `json:"role"`
	EndsAt       time.Time `json:"ends_at,omitzero"`
}

type accountBlocked struct {
	Reason string `json:"reason" personal:"yes"`
}

// requestRejected concerns an account that is not its stream.
type requestRejected struct {
	Account string `json:"account_id"`
	Reason  string `json:"reason,omitempty" personal:"yes"`
}

// accountOpenedV1 is what an opened account looked like before it had a role.
type accountOpenedV1 struct {
	FullName string `json:"full_name" personal:"yes"`
}

func newRegistry() *eventstore.Registry {
	r := eventstore.NewRegistry()
	eventstore.Register[accountOpened](r, "account.opened.v2")
	eventstore.Register[accountBlocked](r, "account.blocked.v1")
	eventstore.Register[requestRejected](r, "licenserequest.rejected.v1")
	eventstore.Upcast(r, "account.opened.v1", func(old accountOpenedV1) accountOpened {
		return accountOpened{Name: old.FullName, Role: "user"}
	})
	return r
}

var opened = accountOpened{
	Organization: "018f0000-0000-7000-8000-00000000000a", Username: "jan@company.nl", Name: "Jan de Vries",
	Mail: "jan@company.nl", Role: "user", EndsAt: noon.AddDate(1, 0, 0),
}

func envelope() eventstore.Envelope {
	return eventstore.Envelope{
		Actor:      eventstore.Actor{Kind: eventstore.ActorAccount, ID: "admin-1", Name: "Anna Beheer"},
		OnBehalfOf: &eventstore.Actor{Kind: eventstore.ActorAccount, ID: "boss-1", Name: "Piet Directeur"},
		Origin:     eventstore.Origin{Channel: "ui", Address: "192.0.2.7", UserAgent: "Mozilla/5.0 (X11)"},
		Outcome:    eventstore.OutcomeDone, Reason: "wants to leave <quietly> & \"now\"", Ticket: "T-1",
		Organization: "018f0000-0000-7000-8000-00000000000a", CommandID: "c-1", CorrelationID: "r-1", CausationID: "e-0",
		OccurredAt: noon,
	}
}

// id returns a fixed id.
func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

func newJournal() (eventstore.Journal, *keystest.Keys) {
	keys := keystest.New()
	return eventstore.Journal{Registry: newRegistry(), Keys: keys}, keys
}

// prepared returns the stored form of events, as the only ones of their stream.
func prepared(t testing.TB, j eventstore.Journal, stream string, e eventstore.Envelope, events ...any) []eventstore.Recorded {
	t.Helper()
	var drafts []eventstore.Draft
	for i, event := range events {
		drafts = append(drafts, eventstore.Draft{ID: id(byte(i + 1)), Event: event})
	}
	records, tail, err := j.Prepare(t.Context(), stream, eventstore.Tail{}, e, drafts...)
	must(t, err)
	same(t, tail.Next, int64(len(events)))
	var all []eventstore.Recorded
	for _, r := range records {
		all = append(all, r.Recorded)
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(eventstore.Envelope{})); diff != "" {
		t.Fatalf("not as wanted (-want +got):\n%s", diff)
	}
}
