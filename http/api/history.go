package api

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"slices"
	"strings"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

func (a *API) lines(who rights.Principal) answers.Lines {
	return answers.Lines{Opener: a.opener(), Who: who}
}

func (a *API) opener() audithistory.Opener {
	return audithistory.Opener{Registry: a.Journal.Registry, Keys: a.Journal.Keys}
}

// historyFilters are those of every history.
var historyFilters = []answers.Param{
	{Name: "type", Max: 1000, Doc: "Stored names, or their beginnings and *, with commas between: account.*,license.*"},
	{Name: "actor", Doc: "The id of who did it."},
	{Name: "outcome", Kind: answers.OneOf, Enum: []string{eventstore.OutcomeDone, eventstore.OutcomeRefused}},
	{Name: "from", Kind: answers.Moment, Doc: "At or after."},
	{Name: "to", Kind: answers.Moment, Doc: "Before."},
}

func typesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// historyOf is the history of what find finds, the oldest first.
func (a *API) historyOf(id, path, summary string, find func(*asking) (audithistory.Filter, error)) operation {
	o := a.eventList(id, path, summary, rights.ReadHistory, historyFilters, "", find)
	o.refusals = append(o.refusals, http.StatusNotFound)
	return o
}

func (a *API) eventList(id, path, summary string, right rights.Right, filters []answers.Param, order string,
	find func(*asking) (audithistory.Filter, error),
) operation {
	filter := func(k *asking) (audithistory.Filter, error) {
		f, err := find(k)
		f.Types, f.Actor, f.Outcome = typesOf(k.args["type"]), k.args["actor"], k.args["outcome"]
		f.From, f.To = k.args.Moment("from"), k.args.Moment("to")
		if refused := answers.ByActor(k.who, cmp.Or(k.args["q"], f.Actor)); err == nil && refused != nil {
			err = a.denied(k, refused)
		}
		return f, err
	}
	ordered := func(q listing.Query) listing.Query {
		if q.Sort == "" {
			q.Sort = order
		}
		return q
	}
	l := listOf[audithistory.Stored, answers.HistoryLine]{
		id: id, path: path, summary: summary, right: right, tables: []string{audithistory.Table}, sorts: audithistory.Sorts(), filters: filters,
		page: func(ctx context.Context, k *asking, q listing.Query) (listing.Page[audithistory.Stored], error) {
			f, err := filter(k)
			if err != nil {
				return listing.Page[audithistory.Stored]{}, err
			}
			return audithistory.ListStored(ctx, a.DB, f, ordered(q))
		},
		all: func(ctx context.Context, k *asking, q listing.Query) iter.Seq2[audithistory.Stored, error] {
			f, err := filter(k)
			if err != nil {
				return func(yield func(audithistory.Stored, error) bool) { yield(audithistory.Stored{}, err) }
			}
			return audithistory.AllStored(ctx, a.DB, f, ordered(q))
		},
		item: func(k *asking, stored audithistory.Stored) (answers.HistoryLine, error) {
			return a.lines(k.who).Stored(k.Context(), stored)
		},
	}
	return l.operation(a)
}

// audit is the whole log, the newest first.
func (a *API) audit() operation {
	filters := append([]answers.Param{
		{Name: "subject", Doc: "Whom or what it concerns: the id of an account or of anything else, or a stream (license-<id>)."},
		{Name: "organization", Kind: answers.ID},
	}, historyFilters...)
	return a.eventList("SearchAudit", "/audit", "The whole log, the newest first.", rights.ReadAudit, filters, "-position",
		func(k *asking) (audithistory.Filter, error) {
			organization, account, err := a.scope(k, k.args["organization"])
			f := audithistory.Filter{Organization: organization, Account: account}
			if err == nil && account == "" {
				f.Account, f.Stream, err = a.subject(k.Context(), k.args["subject"])
			}
			return f, err
		})
}

// subject answers which account, or else which stream, is meant. The id of a thing is
// enough, as rows have it; one that nothing has is that of no account.
func (a *API) subject(ctx context.Context, asked string) (account, stream string, err error) {
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
	begun, err := audithistory.Begun(ctx, a.DB, streams...)
	if err != nil || len(begun) == 0 || slices.Contains(begun, "account-"+id) {
		return id, "", err
	}
	return "", begun[0], nil
}
