package audithistory_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/refusal"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/readmodeltest"
)

const (
	person = "00000000-0000-7000-8000-000000000001"
	other  = "00000000-0000-7000-8000-000000000002"
	org    = "00000000-0000-7000-8000-000000000003"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func tables() []machinery.Projection { return []machinery.Projection{audithistory.New()} }

// story is what happened to a person, and around them.
func story(h *readmodeltest.House) {
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	h.Put("organization-"+org, "root", org, at(0), organization.Registered{Name: "Org", Preset: "nen"})
	h.Put("account-"+person, "admin", org, at(1), account.Created{
		OrganizationID: org, Username: "an@example.nl", Name: "An", Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "username-x",
	})
	h.Put("account-"+other, "admin", org, at(2), account.Created{
		OrganizationID: org, Username: "bo@example.nl", Name: "Bo", Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "username-y",
	})
	h.Put("license-l", "admin", org, at(3), license.Granted{AccountID: person, OrganizationID: org, Origin: license.OriginAdmin})
	h.Put("account-"+person, "admin", org, at(4), account.Blocked{Reason: "fraud"})
	h.Put("refusals-2026-03", "admin", org, at(5), refusal.Recorded{Command: "BlockAccount", Code: "last-admin", AccountID: person, OrganizationID: org})
	h.Put("account-"+person, "chief", org, at(6), account.NameChanged{Name: "Ann", OldName: "An"}, account.Unblocked{})
	h.Build()
}

func TestHistory(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		story(h)
		ctx, opener := t.Context(), audithistory.Opener{Registry: h.Journal.Registry, Keys: h.Keys}
		types := func(f audithistory.Filter, q listing.Query) []string {
			t.Helper()
			page, err := audithistory.List(ctx, h.DB, f, q)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, row := range page.Items {
				names = append(names, row.Type)
			}
			return names
		}
		for name, c := range map[string]struct {
			filter audithistory.Filter
			want   []string
		}{
			"what concerns an account, elsewhere too": {audithistory.Filter{Account: person}, []string{
				"account.created.v1", "license.granted.v1", "account.blocked.v1", "refusal.recorded.v1", "account.name_changed.v1", "account.unblocked.v1",
			}},
			"by an actor":      {audithistory.Filter{Actor: "chief"}, []string{"account.name_changed.v1", "account.unblocked.v1"}},
			"by a beginning":   {audithistory.Filter{Types: []string{"license.*"}}, []string{"license.granted.v1"}},
			"by a whole name":  {audithistory.Filter{Types: []string{"account.blocked.v1"}}, []string{"account.blocked.v1"}},
			"within a period":  {audithistory.Filter{From: noon.Add(3 * time.Minute), To: noon.Add(5 * time.Minute)}, []string{"license.granted.v1", "account.blocked.v1"}},
			"of one stream":    {audithistory.Filter{Stream: "organization-" + org}, []string{"organization.registered.v1"}},
			"of nobody's":      {audithistory.Filter{Organization: "elsewhere"}, nil},
			"after a position": {audithistory.Filter{After: eventstore.AtCommit(7), Account: person}, []string{"account.unblocked.v1"}},
		} {
			if diff := cmp.Diff(c.want, types(c.filter, listing.Query{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}

		t.Run("pages, newest first", func(t *testing.T) {
			first, err := audithistory.List(ctx, h.DB, audithistory.Filter{Account: person}, listing.Query{Sort: "-position", Limit: 4})
			if err != nil || first.Total != 6 || len(first.Items) != 4 {
				t.Fatalf("%d of %d: %v", len(first.Items), first.Total, err)
			}
			if diff := cmp.Diff([]string{"license.granted.v1", "account.created.v1"}, types(audithistory.Filter{Account: person}, listing.Query{Sort: "-position", After: first.Next})); diff != "" {
				t.Error(diff)
			}
		})

		t.Run("a line is opened for who may read it", func(t *testing.T) {
			page, err := audithistory.List(ctx, h.DB, audithistory.Filter{Types: []string{"account.name_changed.v1"}}, listing.Query{})
			if err != nil {
				t.Fatal(err)
			}
			line, err := opener.Open(ctx, page.Items[0])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]audithistory.Change{{Field: "name", Old: "An", New: "Ann"}}, line.Changes); diff != "" {
				t.Error(diff)
			}
			want := eventstore.Actor{Kind: eventstore.ActorAccount, ID: "chief", Name: "Name of chief"}
			if line.Envelope.Actor != want || line.Envelope.Origin.Address != "192.0.2.1" {
				t.Errorf("by %+v from %+v", line.Envelope.Actor, line.Envelope.Origin)
			}
		})

		t.Run("an event answers its whole row", func(t *testing.T) {
			q := listing.Query{Limit: 3}
			for {
				rows, err := audithistory.List(ctx, h.DB, audithistory.Filter{}, q)
				if err != nil {
					t.Fatal(err)
				}
				events, err := audithistory.ListStored(ctx, h.DB, audithistory.Filter{}, q)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]any{rows.Next, rows.Total, len(rows.Items)}, []any{events.Next, events.Total, len(events.Items)}); diff != "" {
					t.Fatalf("another page (-rows +events):\n%s", diff)
				}
				for i, event := range events.Items {
					line, err := opener.OpenStored(ctx, event)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(rows.Items[i], line.Row); diff != "" {
						t.Errorf("(-table +event):\n%s", diff)
					}
				}
				if q.After = rows.Next; q.After == nil {
					return
				}
			}
		})

		t.Run("as of a moment and a revision", func(t *testing.T) {
			for minutes, blocked := range map[int]bool{3: false, 4: true, 5: true, 6: false} {
				position, err := audithistory.PositionAt(ctx, h.DB, person, noon.Add(time.Duration(minutes)*time.Minute))
				if err != nil {
					t.Fatal(err)
				}
				entries, err := opener.Collect(ctx, h.DB, person, position)
				if err != nil {
					t.Fatal(err)
				}
				row, ok := accountdetail.New().FoldOne(person, entries...)
				if !ok || row.Blocked != blocked || len(row.Licenses) != 1 {
					t.Errorf("after %d minutes: blocked %t, licenses %v", minutes, row.Blocked, row.Licenses)
				}
			}
			position, err := audithistory.PositionOf(ctx, h.DB, "account-"+person, 1)
			if err != nil || position != eventstore.AtCommit(5) {
				t.Errorf("revision 1 stands at %s (%v)", position, err)
			}
			if _, err := audithistory.PositionOf(ctx, h.DB, "account-"+person, 9); !errors.Is(err, machinery.ErrNoRow) {
				t.Errorf("a revision that is not there: %v", err)
			}
		})

		t.Run("an erased person's history stays, without the person", func(t *testing.T) {
			h.Keys.Destroy(eventstore.AccountSubject(person))
			entries, err := opener.Collect(ctx, h.DB, person, eventstore.Position{})
			if err != nil {
				t.Fatal(err)
			}
			row, _ := accountdetail.New().FoldOne(person, entries...)
			if row.Name != eventstore.Erased || row.Username != eventstore.Erased || row.Blocked {
				t.Errorf("name %q, username %q", row.Name, row.Username)
			}
			if len(entries) != 6 {
				t.Errorf("%d entries are left of 6", len(entries))
			}
		})
	})
}

func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		event any
		want  []audithistory.Change
	}{
		"a fact that the name says": {account.Blocked{Reason: "fraud"}, []audithistory.Change{{Field: "blocked", Old: "false", New: "true"}}},
		"a value replaced":          {account.UsernameChanged{Username: "b", OldUsername: "a"}, []audithistory.Change{{Field: "username", Old: "a", New: "b"}}},
		"a value taken away":        {account.ValidityCleared{OldValidUntil: "2026-03-14"}, []audithistory.Change{{Field: "valid_until", Old: "2026-03-14"}}},
		"a value given": {account.ValiditySet{ValidUntil: "2026-03-14", EndsAt: noon}, []audithistory.Change{
			{Field: "valid_until", New: "2026-03-14"}, {Field: "ends_at", New: "2026-03-14T12:00:00Z"},
		}},
		"inside a policy": {organization.PasswordPolicyChanged{
			Password:    organization.PasswordPolicy{MinLength: 12, MinUpper: 1, MinDigits: 1},
			OldPassword: organization.PasswordPolicy{MinLength: 8, MinUpper: 1, MinDigits: 1},
		}, []audithistory.Change{{Field: "password.min_length", Old: "8", New: "12"}}},
		"one policy of many":     {organization.PolicyChanged{Policy: "regions", Value: "true", OldValue: "false"}, []audithistory.Change{{Field: "regions", Old: "false", New: "true"}}},
		"a value that only goes": {organization.DomainWithdrawn{Domain: "a.nl"}, []audithistory.Change{{Field: "domain", Old: "a.nl"}}},
		"a flag that goes": {account.PasswordChanged{OldPasswordChangeRequired: true}, []audithistory.Change{
			{Field: "password_change_required", Old: "true", New: "false"},
		}},
		"a value that stays":   {account.Expired{EndsAt: noon}, []audithistory.Change{{Field: "expired", Old: "false", New: "true"}}},
		"nothing but plumbing": {account.PasswordChanged{CredentialID: "c"}, nil},
	} {
		if diff := cmp.Diff(c.want, audithistory.Changes(c.event)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestF6_OldValuesAreShown gives each member of each event of the catalog that holds an old value a
// value: a line of the history shows it.
func TestF6_OldValuesAreShown(t *testing.T) {
	shown := 0
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			event := reflect.New(e.Type).Elem()
			changes := func() []audithistory.Change { return audithistory.Changes(event.Interface()) }
			for i := range event.NumField() {
				name, _, _ := strings.Cut(e.Type.Field(i).Tag.Get("json"), ",")
				field, old := strings.CutPrefix(name, "old_")
				if !old && name != e.Takes || catalog.Ties(field) {
					continue
				}
				event.Field(i).Set(something(event.Field(i).Type()))
				if one, ok := event.Interface().(interface {
					Changed() (field, old, now string)
				}); ok {
					field, _, _ = one.Changed()
				}
				if !slices.ContainsFunc(changes(), func(c audithistory.Change) bool {
					return (c.Field == field || strings.HasPrefix(c.Field, field+".")) && c.Old != "" && c.Old != c.New
				}) {
					t.Errorf("%s: the line does not show %s: %v", e.Name, name, changes())
				}
				shown++
			}
		}
	}
	if shown == 0 {
		t.Fatal("found no old values")
	}
}

// something returns a value of a type that is not its zero value.
func something(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString("before")
	case reflect.Int:
		v.SetInt(97)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return reflect.ValueOf(noon)
		}
		for i := range v.NumField() {
			v.Field(i).Set(something(v.Field(i).Type()))
		}
	default:
		panic("an old value is a " + t.String())
	}
	return v
}

// TestF13_StatementsAreFew: however many lists of types somebody asks for, the program keeps no
// more than a few statements for it, and no list is told from another by its SQL.
func TestF13_StatementsAreFew(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		h.Build()
		asked := &texts{DB: h.DB, seen: map[string]bool{}}
		names := []string{"account.created.v1", "account.blocked.v1", "license.*", "nothing.v1", "a", "b*", "%", "*"}
		for n := range 1 << len(names) {
			var types []string
			for i, name := range names {
				if n>>i&1 == 1 {
					types = append(types, name)
				}
			}
			if _, err := audithistory.ListStored(t.Context(), asked, audithistory.Filter{Account: person, Types: types}, listing.Query{}); err != nil {
				t.Fatal(err)
			}
			if _, err := audithistory.At(t.Context(), asked, make([]int64, n+1)...); err != nil {
				t.Fatal(err)
			}
		}
		if len(asked.seen) > 15 {
			t.Errorf("%d texts", len(asked.seen))
		}
	})
}

// texts keeps the texts of what is asked.
type texts struct {
	machinery.DB
	seen map[string]bool
}

// Query implements machinery.Reader.
func (s *texts) Query(ctx context.Context, into machinery.Collector, query string, args ...any) error {
	s.seen[query] = true
	return s.DB.Query(ctx, into, query, args...)
}
