package answers

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/internal/turns"
	"sleutelbos/projections/machinery/listing"
)

// Fed is an event as a follower of the feed may see it.
type Fed struct {
	Record       eventstore.Record
	Organization string // whose event it is
	ActorID      string // empty where the follower may not know who decided
	event        any
	hidden       []string
}

// Data returns the members of the event, named in the API's manner. Members that are personal are there
// only for who may read the account, and those that tie our own parts together for nobody.
func (f Fed) Data() (map[string]any, error) {
	data, err := PublicData(f.event, f.hidden)
	if err != nil {
		return nil, fmt.Errorf("show the event %s: %w", f.Record.Type, err)
	}
	return data, nil
}

// Event returns an event as the asker may see it; false if it lies outside the asker's
// reach. Errors: machinery.ErrBehind if the accounts have not come so far that they could say
// what may be seen.
func (s Source) Event(ctx context.Context, runner Runner, who rights.Principal, rec eventstore.Recorded) (seen Fed, ok bool, err error) {
	err = turns.Do(ctx, func(ctx context.Context) error {
		seen, ok, err = s.reached(ctx, who, rec)
		return err
	})
	if err != nil || !ok {
		return Fed{}, false, err
	}
	about, _ := catalog.Of(seen.event) // it was decoded, so it is there
	if about.Public == catalog.WithoutDecider && seen.ActorID != who.AccountID && !who.Reaches(rights.ReadDecider, seen.Organization, "") {
		seen.ActorID = ""
	}
	kept, err := s.kept(ctx, runner, who, seen)
	if err != nil {
		return Fed{}, false, err
	}
	seen.hidden = append(append(seen.hidden, kept...), ofOthers(who, seen.Organization, seen.event)...)
	return seen, true, nil
}

// reached opens an event as far as the asker reaches; false if it lies outside the asker's reach.
func (s Source) reached(ctx context.Context, who rights.Principal, rec eventstore.Recorded) (Fed, bool, error) {
	registry := s.Opener.Registry
	if !registry.Owns(rec.Stream) {
		return Fed{}, false, nil
	}
	var seen Fed
	reaches, opened := false, false
	event, record, err := registry.DecodeFor(ctx, s.Opener.Keys, rec, func(record eventstore.Record) bool {
		seen.Organization = organizationOf(record)
		reaches = who.Reaches(rights.ReadEvents, seen.Organization, record.AccountID())
		opened = reaches && who.Reaches(holderOf(record).sees, seen.Organization, record.AccountID())
		return opened
	})
	if errors.Is(err, eventstore.ErrPassedOver) {
		return Fed{}, false, nil
	}
	if err != nil || !reaches {
		return Fed{}, false, err
	}
	seen.Record, seen.ActorID, seen.event = record, record.Envelope.Actor.ID, event
	if !opened {
		seen.hidden = registry.PersonalMembersToday(rec.Type)
	}
	return seen, true, nil
}

// settleWithin is how long an event waits for the accounts to say what may be seen of it.
const settleWithin = 5 * time.Second

// kept returns the members of an event that are kept from the asker, by their stored names. What is
// kept is known from the accounts and the persons, which have to know the event first: they may learn
// from an earlier one that it is not for everyone.
func (s Source) kept(ctx context.Context, runner Runner, who rights.Principal, seen Fed) ([]string, error) {
	of, account, asked := holderOf(seen.Record), seen.Record.AccountID(), map[listing.Audience][]string{}
	for _, member := range catalog.Members(reflect.TypeOf(seen.event)) {
		audience := audienceOf(seen.Record.Stream, member)
		if audience != listing.Everyone && !who.Reaches(rights.Right(audience), seen.Organization, account) {
			asked[audience] = append(asked[audience], member)
		}
	}
	if len(asked) == 0 {
		return nil, nil // everything may be seen
	}
	waiting, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	if err := runner.WaitFor(waiting, seen.Record.Position, of.table); err != nil {
		return nil, err
	}
	var kept []string
	for audience, members := range asked {
		found, err := of.kept(ctx, s.DB, audience, of.id)
		if err != nil {
			return nil, err
		}
		if found[of.id] {
			kept = append(kept, members...)
		}
	}
	return kept, nil
}

// organizationOf returns whose event it is.
func organizationOf(r eventstore.Record) string {
	if strings.HasPrefix(r.Stream, "organization-") {
		return r.AggregateID()
	}
	return r.Envelope.Organization
}

// PublicData returns an event's members in the API's manner, without some.
func PublicData(event any, without []string) (map[string]any, error) {
	text, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, err
	}
	data := map[string]any{}
	for name, value := range members {
		if !catalog.Internal(name) && !slices.Contains(without, name) {
			data[Camel(name)] = camelled(value)
		}
	}
	return data, nil
}

// camelled renames the members of inner objects too.
func camelled(value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	renamed := make(map[string]any, len(object))
	for name, inner := range object {
		renamed[Camel(name)] = camelled(inner)
	}
	return renamed
}
