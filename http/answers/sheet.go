package answers

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// Subject is what a list is about; the zero Subject is of a list that is about everything.
type Subject struct {
	Name         string // empty for what has none
	Organization string // in whose time zone it is told
}

// within returns what a list is about whose rows are those of an organization.
func (s Source) within(ctx context.Context, asker Asker, right rights.Right, asked string) (Subject, error) {
	organization, _, err := asker.Within(right, asked)
	if err != nil || organization == "" {
		return Subject{Organization: asker.Who.Organization}, err
	}
	return s.subjectOf(ctx, organization, organization)
}

// subjectOf returns what a list is about that is about the thing with an id.
func (s Source) subjectOf(ctx context.Context, id, organization string) (Subject, error) {
	names, err := s.namesOf(ctx, []string{id})
	return Subject{Name: names[id], Organization: organization}, err
}

// Sheet is a list as people read it in a spreadsheet: words and times as they say them, and
// names beside ids.
type Sheet struct {
	File  string // what it is called, without an ending
	Heads []string
	Rows  iter.Seq2[[]string, error]
}

// rowsToName is for how many rows names are looked up at once.
const rowsToName = 250

// Sheet returns the list that a query with All gives, in the context's language. Errors: those
// of the query's Subject.
func (s Source) Sheet(ctx context.Context, q Query, asker Asker, id string, args Args) (Sheet, error) {
	about, err := q.Subject(ctx, asker, id, args)
	if err != nil {
		return Sheet{}, err
	}
	zones, err := s.Zones(ctx, about.Organization)
	if err != nil {
		return Sheet{}, err
	}
	zone := zones[about.Organization]
	if zone == nil {
		zone = organization.ZoneNamed("")
	}
	t := teller{language: words.Of(ctx), zone: zone, columns: q.Shape.Columns}
	file := []string{words.Sheet(t.language, q.ID), about.Name, s.Now().In(zone).Format(time.DateOnly)}
	return Sheet{
		File:  strings.Join(slices.DeleteFunc(file, func(part string) bool { return part == "" }), " "),
		Heads: t.heads(),
		Rows: func(yield func([]string, error) bool) {
			for items, err := range inParts(q.All(ctx, asker, id, args)) {
				if err == nil {
					t.names, err = s.namesOf(ctx, t.ids(items))
				}
				if err != nil {
					yield(nil, err)
					return
				}
				for _, item := range items {
					if !yield(t.row(item.Values()), nil) {
						return
					}
				}
			}
		},
	}, nil
}

// inParts yields the items of a list in parts, so that what they need is asked for once a part.
func inParts(all iter.Seq2[Item, error]) iter.Seq2[[]Item, error] {
	return func(yield func([]Item, error) bool) {
		var part []Item
		for item, err := range all {
			if err != nil {
				yield(nil, err)
				return
			}
			if part = append(part, item); len(part) == rowsToName {
				if !yield(part, nil) {
					return
				}
				part = nil
			}
		}
		if len(part) > 0 {
			yield(part, nil)
		}
	}
}

// namesOf returns what accounts and things are called, by id.
func (s Source) namesOf(ctx context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	accounts, err := s.AccountsByID(ctx, "", ids)
	if err != nil {
		return nil, err
	}
	for id, row := range accounts {
		names[id] = row.Name
	}
	for paged := range AllPaged() {
		found, err := paged.Names(ctx, s, ids)
		if err != nil {
			return nil, err
		}
		for id, name := range found {
			names[id] = name
		}
	}
	return names, nil
}

// isID reports whether a column has ids of other things.
func isID(about listing.About) bool {
	switch about.Kind {
	case listing.ID, listing.IDs, listing.Actor:
		return about.Name != "id"
	}
	return about.Name == "accountId" || about.Name == "organizationId" // of rows that may be about none
}
