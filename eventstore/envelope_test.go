package eventstore_test

import (
	"bytes"
	"strings"
	"testing"

	"sleutelbos/eventstore"
)

// stored is envelope() as the first event of a stream comes back before it is opened.
func stored(rec eventstore.Recorded) eventstore.Envelope {
	e := envelope()
	e.Actor.Name, e.OnBehalfOf.Name, e.Origin.Address, e.Origin.UserAgent, e.Reason = "", "", "", "", ""
	e.SchemaVersion, e.Hash = 2, hashIn(rec)
	return e
}

func hashIn(rec eventstore.Recorded) string {
	_, hash, _ := strings.Cut(string(rec.Metadata), `,"hash":"`)
	return strings.TrimSuffix(hash, `"}`)
}

// TestEnvelope holds BIO2 8.15.01.
func TestEnvelope(t *testing.T) {
	j, keys := newJournal()
	log := prepared(t, j, "account-1", envelope(), opened, accountBlocked{Reason: "fraud"})
	for _, rec := range log {
		for _, secret := range []string{"Anna", "Piet", "192.0.2", "Mozilla", "quietly", "Jan de", "jan@", "fraud"} {
			if bytes.Contains(rec.Metadata, []byte(secret)) || bytes.Contains(rec.Data, []byte(secret)) {
				t.Errorf("%s is in the stored bytes of %s", secret, rec.Type)
			}
		}
	}
	_, record, err := j.Registry.Decode(t.Context(), j.Keys, log[0])
	must(t, err)
	same(t, record.Envelope, stored(log[0]))

	want := envelope()
	want.SchemaVersion, want.Hash = 2, hashIn(log[0])
	read, err := record.Open(t.Context(), j.Keys)
	must(t, err)
	same(t, read, want)

	t.Run("of an erased subject reads erased where it was the subject's", func(t *testing.T) {
		keys.Destroy("account-1")
		tail := eventstore.Tail{}
		for _, rec := range log {
			tail, err = tail.Follow(rec)
			must(t, err)
		}
		event, record, err := j.Registry.Decode(t.Context(), j.Keys, log[0])
		must(t, err)
		gone := opened
		gone.Username, gone.Name, gone.Mail = eventstore.Erased, eventstore.Erased, eventstore.Erased
		same(t, event, gone)
		read, err := record.Open(t.Context(), j.Keys)
		must(t, err)
		wantGone := want
		wantGone.Reason = eventstore.Erased
		same(t, read, wantGone)
	})
	t.Run("of an erased actor reads erased where it was the actor's", func(t *testing.T) {
		keys.Destroy("account-admin-1")
		read, err := record.Open(t.Context(), j.Keys)
		must(t, err)
		wantGone := want
		wantGone.Reason = eventstore.Erased
		wantGone.Actor.Name, wantGone.Origin.Address, wantGone.Origin.UserAgent = eventstore.Erased, eventstore.Erased, eventstore.Erased
		wantGone.OnBehalfOf = &eventstore.Actor{Kind: "account", ID: "boss-1", Name: eventstore.Erased}
		same(t, read, wantGone)
	})
}

func TestEnvelopeOfNobody(t *testing.T) {
	j, keys := newJournal()
	e := eventstore.Envelope{
		Actor:  eventstore.Actor{Kind: eventstore.ActorStranger},
		Origin: eventstore.Origin{Channel: "ui", Address: "192.0.2.7"}, Reason: "forgot it", OccurredAt: noon,
	}
	rec := prepared(t, j, "licenserequest-1", e, requestRejected{})[0]
	_, record, err := j.Registry.Decode(t.Context(), j.Keys, rec)
	must(t, err)
	read, err := record.Open(t.Context(), j.Keys)
	must(t, err)
	e.Outcome, e.SchemaVersion, e.Hash = eventstore.OutcomeDone, 1, hashIn(rec)
	same(t, read, e)
	keys.Destroy("origins-2026-09") // the month's addresses go together
	read, err = record.Open(t.Context(), j.Keys)
	must(t, err)
	same(t, []string{read.Origin.Address, read.Reason}, []string{eventstore.Erased, eventstore.Erased})
}

func TestEnvelopeBare(t *testing.T) {
	j, _ := newJournal()
	e := eventstore.Envelope{Actor: eventstore.Actor{Kind: eventstore.ActorSystem, ID: "deadlines"}, Origin: eventstore.Origin{Channel: "system"}, OccurredAt: noon}
	rec := prepared(t, j, "account-1", e, accountBlocked{})[0]
	const want = `{"actor":{"kind":"system","id":"deadlines"},"origin":{"channel":"system"},"outcome":"done",` +
		`"schemaVersion":1,"occurredAt":"2026-09-01T12:00:00Z","prevHash":"","hash":"`
	// The bytes are hashed and read by other programs: their form may not drift.
	same(t, []string{string(rec.Metadata[:len(want)]), string(rec.Data)}, []string{want, `{"reason":""}`})
	same(t, hashIn(rec), "df67a8ffa46cab8f22bbe86aaab024dff23ce5556a06dd2b396dd56b2abea6b1")
	_, record, err := j.Registry.Decode(t.Context(), j.Keys, rec)
	must(t, err)
	read, err := record.Open(t.Context(), j.Keys)
	must(t, err)
	e.Outcome, e.SchemaVersion, e.Hash = eventstore.OutcomeDone, 1, hashIn(rec)
	same(t, read, e)
}
