package answers

import (
	"context"
	"strings"
	"sync"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// keptMembers returns the members of events that tell what the fields of some things do which
// are kept from some: by the category of the stream, in the API's manner. So an event shows no
// more of an account than its row does.
var keptMembers = sync.OnceValue(func() map[string]map[string]listing.Audience {
	all := map[string]map[string]listing.Audience{}
	for _, contract := range Things() {
		t, ok := contract.(interface {
			shown() (category string, fields []listing.About)
		})
		if !ok {
			continue
		}
		category, fields := t.shown()
		all[category] = map[string]listing.Audience{}
		for _, f := range fields {
			switch {
			case !f.InSome:
			case f.Member != "":
				all[category][Camel(f.Member)] = f.Audience
			default:
				all[category][f.Name] = f.Audience
			}
		}
	}
	return all
})

func (t Thing[Row, Whole]) shown() (string, []listing.About) {
	return t.Category, t.Whole.Abouts(true)
}

// audienceOf returns for whom a member of an event is, by its stored name. An old value is for
// those whom the new one is for.
func audienceOf(stream, member string) listing.Audience {
	category, _, _ := strings.Cut(stream, "-")
	return keptMembers()[category][Camel(strings.TrimPrefix(member, "old_"))]
}

// ofOthers returns the members of an event that tell of somebody else than the account it is about.
// They are for who may read the accounts of the organization, not for the holder.
func ofOthers(who rights.Principal, organization string, event any) []string {
	tells, ok := event.(interface{ OfOthers() []string })
	if !ok || who.Reaches(rights.ReadAccounts, organization, "") {
		return nil
	}
	return tells.OfOthers()
}

// keptOf says of which things of a read model the fields for an audience are kept from others; of those
// with these ids, or of all if none are named.
type keptOf func(ctx context.Context, db machinery.Reader, from listing.Audience, ids ...string) (map[string]bool, error)

// heldBack is the thing that decides what is kept of an event: the person in whose stream it stands,
// else the account that it concerns.
type heldBack struct {
	table, id string
	kept      keptOf
	sees      rights.Right // to see the personal members of its events at all
}

func holderOf(r eventstore.Record) heldBack {
	if r.Subject != "" && r.Subject == eventstore.PersonSubject(r.AggregateID()) {
		return heldBack{Persons.Whole.Table, r.AggregateID(), Persons.Whole.Kept, Persons.Right}
	}
	return heldBack{Accounts.Whole.Table, r.AccountID(), Accounts.Whole.Kept, Accounts.Right}
}

// keeper knows of which accounts and persons something is kept from an asker. It looks once, when the
// first event asks for it.
type keeper struct {
	who rights.Principal
	db  machinery.Reader

	mu   sync.Mutex
	kept map[keptFrom]map[string]bool
}

// keptFrom is what is kept in a read model from those outside an audience.
type keptFrom struct {
	table    string
	audience listing.Audience
}

// hides says whether a member of an event about an account is kept from the asker.
func (k *keeper) hides(ctx context.Context, r eventstore.Record, organization, member string) (bool, error) {
	audience := audienceOf(r.Stream, member)
	if audience == listing.Everyone || k.who.Reaches(rights.Right(audience), organization, r.AccountID()) {
		return false, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	of := holderOf(r)
	from := keptFrom{of.table, audience}
	kept, known := k.kept[from]
	if !known {
		var err error
		if kept, err = of.kept(ctx, k.db, audience); err != nil {
			return false, err
		}
		if k.kept == nil {
			k.kept = map[keptFrom]map[string]bool{}
		}
		k.kept[from] = kept
	}
	return kept[of.id], nil
}
