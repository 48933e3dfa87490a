package answers

import (
	"cmp"
	"context"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// historyFilters are those of every history.
var historyFilters = []Param{
	{Name: "type", Max: 1000, Doc: "Stored names, or their beginnings and *, with commas between: account.*,license.*"},
	{Name: "actor", Doc: "The id of who did it."},
	{Name: "outcome", Kind: OneOf, Enum: []string{eventstore.OutcomeDone, eventstore.OutcomeRefused}},
	{Name: "from", Kind: Moment, Doc: "At or after. A date is the beginning of that day in the organization's time zone."},
	{Name: "to", Kind: End, Doc: "Before. A date includes that day, in the organization's time zone."},
}

// eventQuery is a list of events: which ones, and who may ask.
type eventQuery struct {
	id, path, summary string
	right             rights.Right
	tables            []string // that must be there beside the history
	filters           []Param
	order             string // of a question that names none
	refusals          []int
	find              func(ctx context.Context, asker Asker, id string, args Args) (foundEvents, error)
	subject           func(ctx context.Context, asker Asker, id string, args Args) (Subject, error)
}

// foundEvents are events that an asker may see, and the organization whose days are meant by a
// date; empty for the asker's own.
type foundEvents struct {
	audithistory.Filter
	organization string
}

func (s Source) events(e eventQuery) Query {
	return Query{
		ID: e.id, Path: e.path, Summary: e.summary, Right: e.right, Tables: append([]string{audithistory.Table}, e.tables...),
		Params: listParams(e.filters, audithistory.Sorts()), Shape: Shape{Type: reflect.TypeFor[HistoryLine](), Columns: historyColumns()}, Refusals: e.refusals,
		Subject: e.subject,
		List: func(ctx context.Context, asker Asker, id string, args Args) (Listed[Item], error) {
			return s.eventPage(ctx, e, asker, id, args)
		},
		All: func(ctx context.Context, asker Asker, id string, args Args) iter.Seq2[Item, error] {
			return s.allEvents(ctx, e, asker, id, args)
		},
	}
}

func (e eventQuery) filter(ctx context.Context, s Source, asker Asker, id string, args Args) (audithistory.Filter, listing.Query, error) {
	found, err := e.find(ctx, asker, id, args)
	f := found.Filter
	if args["type"] != "" {
		f.Types = strings.Split(args["type"], ",")
	}
	f.Actor, f.Outcome = args["actor"], args["outcome"]
	if err == nil && args["from"]+args["to"] != "" {
		var zone *time.Location
		zone, err = s.zoneOf(ctx, asker, found.organization)
		if err == nil {
			f.From, f.To = args.Moment("from", zone), args.End("to", zone)
		}
	}
	if refused := ByActor(asker.Who, cmp.Or(args["q"], f.Actor)); err == nil && refused != nil {
		err = asker.Refused(refused)
	}
	return f, listing.Query{Search: args["q"], Sort: cmp.Or(args["sort"], e.order), Limit: args.Number("limit", 0)}, err
}

func (s Source) eventPage(ctx context.Context, e eventQuery, asker Asker, id string, args Args) (Listed[Item], error) {
	asked := Question{List: e.id, Who: asker.Who, Parameters: args}
	f, q, err := e.filter(ctx, s, asker, id, args)
	if err == nil {
		q.After, err = s.Cursors.Open(asked, args["cursor"])
	}
	if err != nil {
		return Listed[Item]{}, err
	}
	position, err := s.position(ctx, audithistory.Table)
	if err != nil {
		return Listed[Item]{}, err
	}
	page, err := audithistory.ListStored(ctx, s.DB, f, q)
	if err != nil {
		return Listed[Item]{}, err
	}
	lines, err := s.Lines(asker.Who).open(ctx, page.Items)
	if err != nil {
		return Listed[Item]{}, err
	}
	next, err := s.Cursors.Seal(asked, page.Next)
	return Listed[Item]{Items: lines, Next: next, Total: page.Total, More: page.More, Position: position}, err
}

func (s Source) allEvents(ctx context.Context, e eventQuery, asker Asker, id string, args Args) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		f, q, err := e.filter(ctx, s, asker, id, args)
		if err != nil {
			yield(nil, err)
			return
		}
		lines := s.Lines(asker.Who)
		for stored, err := range audithistory.AllStored(ctx, s.DB, f, q) {
			var line HistoryLine
			if err == nil {
				line, err = lines.inTurn(ctx, stored)
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// rowsAtOnce is how many events one core opens at a time: opening one costs some
// microseconds, and a page may have five hundred.
const rowsAtOnce = 64

// open returns events as lines, made on every core where there are many.
func (l Lines) open(ctx context.Context, events []audithistory.Stored) ([]Item, error) {
	lines := make([]Item, len(events))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for begin := 0; begin < len(events); begin += rowsAtOnce {
		end := min(begin+rowsAtOnce, len(events))
		work.Go(func() error {
			for i := begin; i < end; i++ {
				line, err := l.Stored(ctx, events[i])
				if err != nil {
					return err
				}
				lines[i] = line
			}
			return nil
		})
	}
	return lines, work.Wait()
}

// Lines opens rows of the history as an asker may see them.
func (s Source) Lines(who rights.Principal) Lines {
	return Lines{Opener: s.Opener, Who: who, keeper: &keeper{who: who, db: s.DB}}
}

// audit is the whole log, the newest first.
func (s Source) audit() Query {
	filters := append([]Param{
		{Name: "subject", Doc: "Whom or what it concerns: the id of an account or of anything else, or a stream (license-<id>)."},
		{Name: "organization", Kind: ID},
	}, historyFilters...)
	return s.events(eventQuery{
		id: "SearchAudit", path: "/audit", summary: "The whole log, the newest first.", right: rights.ReadAudit, filters: filters, order: "-position",
		find: func(ctx context.Context, asker Asker, _ string, args Args) (foundEvents, error) {
			organization, account, err := asker.Within(rights.ReadAudit, args["organization"])
			f := audithistory.Filter{Organization: organization, Account: account}
			if err == nil && account == "" {
				f.Account, f.Stream, err = s.subject(ctx, args["subject"])
			}
			return foundEvents{f, organization}, err
		},
		subject: func(ctx context.Context, asker Asker, _ string, args Args) (Subject, error) {
			return s.within(ctx, asker, rights.ReadAudit, args["organization"])
		},
	})
}

// subject returns which account, or else which stream, is meant. The id of a thing is
// enough, as rows have it; one that nothing has is that of no account.
func (s Source) subject(ctx context.Context, asked string) (account, stream string, err error) {
	bare, named := strings.CutPrefix(asked, "account-")
	id, ok := schema.ParseID(bare)
	switch {
	case !ok:
		return "", asked, nil
	case named:
		return id, "", nil
	}
	var streams []string
	for _, a := range catalog.Aggregates() {
		if a.IDs == catalog.OwnIDs {
			streams = append(streams, a.Name+"-"+id)
		}
	}
	begun, err := audithistory.Begun(ctx, s.DB, streams...)
	if err != nil || len(begun) == 0 || slices.Contains(begun, "account-"+id) {
		return id, "", err
	}
	return "", begun[0], nil
}
