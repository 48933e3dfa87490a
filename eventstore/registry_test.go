package eventstore_test

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"sleutelbos/eventstore"
)

func TestRegister(t *testing.T) {
	r := newRegistry()
	same(t, r.Names(), []string{"account.blocked.v1", "account.opened.v1", "account.opened.v2", "licenserequest.rejected.v1"})
	same(t, r.PersonalMembers("account.opened.v2"), []string{"username", "name", "email"})
	same(t, r.PersonalMembersToday("account.opened.v1"), r.PersonalMembers("account.opened.v2"))
	same(t, r.PersonalMembersToday("account.closed.v1"), []string(nil))
	name, known := r.NameOf(reflect.TypeFor[accountOpened]())
	same(t, []any{name, known}, []any{"account.opened.v2", true})
	old, known := r.TypeOf("account.opened.v1")
	same(t, []any{old == reflect.TypeFor[accountOpened](), known}, []any{true, true})
	_, known = r.NameOf(reflect.TypeFor[accountOpenedV1]())
	_, there := r.TypeOf("account.closed.v1")
	same(t, []bool{known, there}, []bool{false, false})

	type closed struct{}
	type numbered struct {
		Number int `json:"number" personal:"yes"`
	}
	for what, register := range map[string]func(){
		"a name twice":           func() { eventstore.Register[closed](r, "account.blocked.v1") },
		"a name of an upcast":    func() { eventstore.Register[closed](r, "account.opened.v1") },
		"a type twice":           func() { eventstore.Register[accountBlocked](r, "account.stopped.v1") },
		"a name without version": func() { eventstore.Register[closed](r, "account.closed") },
		"version 0":              func() { eventstore.Register[closed](r, "account.closed.v0") },
		"capitals":               func() { eventstore.Register[closed](r, "Account.closed.v1") },
		"a personal number":      func() { eventstore.Register[numbered](r, "account.numbered.v1") },
		"an upcast of a name stored": func() {
			eventstore.Upcast(r, "account.blocked.v1", func(c closed) accountBlocked { return accountBlocked{} })
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", what)
				}
			}()
			register()
		}()
	}
}

func TestDecode(t *testing.T) {
	j, _ := newJournal()
	t.Run("answers what was written", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), opened)[0]
		event, record, err := j.Registry.Decode(t.Context(), j.Keys, rec)
		must(t, err)
		same(t, []any{event, record.Subject, record.AccountID(), record.AggregateID()}, []any{opened, "account-1", "1", "1"})
	})
	t.Run("opens what its reader may see", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), opened)[0]
		for _, may := range []bool{true, false} {
			asked := 0
			event, record, err := j.Registry.DecodeFor(t.Context(), j.Keys, rec, func(r eventstore.Record) bool {
				asked++
				same(t, []any{r.Subject, r.Stream, r.Envelope.Organization, r.Envelope.Actor.Name}, []any{"account-1", "account-1", opened.Organization, ""})
				return may
			})
			must(t, err)
			same(t, []any{event == any(opened), record.Subject, asked}, []any{may, "account-1", 1})
		}
	})
	t.Run("leaves nothing of one event in the next", func(t *testing.T) {
		short := accountOpened{Role: "user"}
		full, bare := prepared(t, j, "account-1", envelope(), opened)[0], prepared(t, j, "account-2", envelope(), short)[0]
		broken := full
		broken.Data = []byte(`{"email":"not sealed"}`)
		for range 3 {
			event, _, err := j.Registry.Decode(t.Context(), j.Keys, full)
			must(t, err)
			after, record, err := j.Registry.Decode(t.Context(), j.Keys, bare)
			must(t, err)
			same(t, []any{event, after, record.Subject}, []any{opened, short, "account-2"})
			if _, _, err = j.Registry.Decode(t.Context(), j.Keys, broken); err == nil {
				t.Fatal("what can't be opened was")
			}
			after, _, err = j.Registry.DecodeSealed(bare)
			must(t, err)
			same(t, after, any(short))
		}
	})
	t.Run("takes the subject of another's event from its account", func(t *testing.T) {
		rejected := requestRejected{Account: "7", Reason: "not needed"}
		rec := prepared(t, j, "licenserequest-3", envelope(), rejected)[0]
		event, record, err := j.Registry.Decode(t.Context(), j.Keys, rec)
		must(t, err)
		same(t, []any{event, record.Subject, record.AccountID(), record.AggregateID()}, []any{rejected, "account-7", "7", "3"})
	})
	t.Run("reads an old name as today's type", func(t *testing.T) {
		before := eventstore.NewRegistry()
		eventstore.Register[accountOpenedV1](before, "account.opened.v1")
		old := eventstore.Journal{Registry: before, Keys: j.Keys}
		rec := prepared(t, old, "account-1", envelope(), accountOpenedV1{FullName: "Jan"})[0]
		event, record, err := j.Registry.Decode(t.Context(), j.Keys, rec)
		must(t, err)
		same(t, []any{event, record.Envelope.SchemaVersion}, []any{accountOpened{Name: "Jan", Role: "user"}, 1})
	})
	t.Run("leaves sealed what was not asked to be opened", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), accountBlocked{Reason: "fraud"})[0]
		event, record, err := j.Registry.DecodeSealed(rec)
		must(t, err)
		blocked, ok := event.(accountBlocked)
		same(t, []any{ok, strings.HasPrefix(blocked.Reason, "enc:1:"), record.Subject}, []any{true, true, "account-1"})
	})
	t.Run("names an unknown event and where it stands", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), opened)[0]
		rec.Type, rec.Revision, rec.Position = "account.closed.v1", 4, eventstore.AtCommit(99)
		_, _, err := j.Registry.Decode(t.Context(), j.Keys, rec)
		unknown, ok := errors.AsType[*eventstore.UnknownEventError](err)
		same(t, []any{ok, unknown}, []any{true, &eventstore.UnknownEventError{Type: "account.closed.v1", Stream: "account-1", Revision: 4, Position: eventstore.AtCommit(99), ID: rec.ID}})
	})
	t.Run("refuses an event without a hash, whatever else it says", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), opened)[0]
		rec.Metadata = append(rec.Metadata[:len(rec.Metadata)-len(`,"hash":"`)-64-len(`"}`)], '}')
		if _, _, err := j.Registry.Decode(t.Context(), j.Keys, rec); !errors.Is(err, eventstore.ErrUnhashed) || j.Registry.Readable(rec) {
			t.Errorf("read an event without a hash: %v", err)
		}
	})
	t.Run("refuses an event whose hash is not that of its bytes, wherever it was changed", func(t *testing.T) {
		for what, change := range map[string]func(*eventstore.Recorded){
			"data": func(r *eventstore.Recorded) { r.Data = []byte(`{"name":"Jan","role":"admin"}`) },
			"envelope": func(r *eventstore.Recorded) {
				r.Metadata = bytes.Replace(r.Metadata, []byte(`"kind":"`), []byte(`"kind": "`), 1)
			},
			"stream":   func(r *eventstore.Recorded) { r.Stream = "account-2" },
			"revision": func(r *eventstore.Recorded) { r.Revision++ },
			"id":       func(r *eventstore.Recorded) { r.ID[0]++ },
			"hash":     func(r *eventstore.Recorded) { r.Metadata[len(r.Metadata)-3] ^= 1 },
		} {
			rec := prepared(t, j, "account-1", envelope(), opened)[0]
			rec.Metadata = bytes.Clone(rec.Metadata)
			if err := eventstore.Held(rec); err != nil {
				t.Fatal(err)
			}
			change(&rec)
			_, _, err := j.Registry.Decode(t.Context(), j.Keys, rec)
			_, _, sealed := j.Registry.DecodeSealed(rec)
			if !errors.Is(err, eventstore.ErrChanged) || !errors.Is(sealed, eventstore.ErrChanged) || j.Registry.Readable(rec) || !errors.Is(eventstore.Held(rec), eventstore.ErrChanged) {
				t.Errorf("%s: read a changed event: %v, %v", what, err, sealed)
			}
		}
	})
	t.Run("refuses ciphertext moved to another place", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), accountBlocked{Reason: "fraud"})[0]
		moved := rec
		moved.Stream = "account-2"
		_, err := j.Keys.Key(t.Context(), "account-2", true)
		must(t, err)
		if event, _, err := j.Registry.Decode(t.Context(), j.Keys, eventstore.Rehashed(moved)); err != nil || event != (accountBlocked{Reason: eventstore.Unreadable}) {
			t.Errorf("read in another stream: %v, %v", event, err)
		}
		moved = rec
		moved.Type, moved.Data = "account.opened.v2", []byte(strings.Replace(string(rec.Data), "reason", "name", 1))
		if event, _, err := j.Registry.Decode(t.Context(), j.Keys, eventstore.Rehashed(moved)); err != nil || event != (accountOpened{Name: eventstore.Unreadable}) {
			t.Errorf("read as another member: %v, %v", event, err)
		}
	})
	t.Run("refuses personal text that is not sealed", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), accountBlocked{})[0]
		rec.Data = []byte(`{"reason":"plain"}`)
		rec = eventstore.Rehashed(rec)
		if _, _, err := j.Registry.Decode(t.Context(), j.Keys, rec); err == nil || strings.Contains(err.Error(), "plain") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("needs the key", func(t *testing.T) {
		rec := prepared(t, j, "account-1", envelope(), opened)[0]
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := j.Registry.Decode(ctx, j.Keys, rec); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestPrepareRefuses(t *testing.T) {
	j, keys := newJournal()
	type stranger struct{}
	for what, event := range map[string]any{
		"a type without a name":               stranger{},
		"personal data of nobody":             requestRejected{Reason: "why"},
		"personal data of whoever was erased": requestRejected{Account: "erased", Reason: "why"},
	} {
		keys.Destroy("account-erased")
		if _, _, err := j.Prepare(t.Context(), "licenserequest-1", eventstore.Tail{}, envelope(), eventstore.Draft{Event: event}); err == nil {
			t.Errorf("%s was accepted", what)
		}
	}
}
