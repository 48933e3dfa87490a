package api

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// HistoryLine is an event as people read it.
type HistoryLine struct {
	Position       string   `json:"position"`
	Revision       int64    `json:"revision"`
	EventID        string   `json:"eventId" format:"uuid"`
	Type           string   `json:"type"`
	Stream         string   `json:"stream"`
	AccountID      *string  `json:"accountId" doc:"Whom it concerns."`
	OrganizationID *string  `json:"organizationId"`
	At             string   `json:"at" format:"date-time"`
	Text           string   `json:"text" doc:"In the reader's language."`
	Actor          Actor    `json:"actor"`
	OnBehalfOf     *Actor   `json:"onBehalfOf"`
	Origin         Origin   `json:"origin"`
	Reason         *string  `json:"reason"`
	Outcome        string   `json:"outcome" enum:"done,refused"`
	Changes        []Change `json:"changes"`
	CorrelationID  *string  `json:"correlationId"`
	CausationID    *string  `json:"causationId"`
	CommandID      *string  `json:"commandId"`
}

// Actor is who did it. What the reader may not see is null.
type Actor struct {
	Kind string  `json:"kind" enum:"account,system,stranger"`
	ID   *string `json:"id"`
	Name *string `json:"name"`
}

// Origin is where it came from. What the reader may not see is null.
type Origin struct {
	Channel   string  `json:"channel"`
	Address   *string `json:"address"`
	UserAgent *string `json:"userAgent"`
}

// Change is one field, old and new.
type Change struct {
	Field string  `json:"field"`
	Old   *string `json:"old"`
	New   *string `json:"new"`
}

// Lines opens rows of the history as an asker may see them, in the context's language.
type Lines struct {
	Opener audithistory.Opener
	Who    rights.Principal
}

// Line answers a row as a line. Errors: those of Opener.Open.
func (l Lines) Line(ctx context.Context, row audithistory.Row) (HistoryLine, error) {
	return l.line(ctx, row.Stored())
}

func (l Lines) line(ctx context.Context, stored audithistory.Stored) (HistoryLine, error) {
	opened, err := l.Opener.OpenStored(ctx, stored)
	if err != nil {
		return HistoryLine{}, err
	}
	row, e := opened.Row, opened.Envelope
	line := HistoryLine{
		Position: positionText(eventstore.Position(row.Position)), Revision: row.Revision, EventID: row.EventID, Type: row.Type,
		Stream: row.Stream, AccountID: maybe(row.AccountID), OrganizationID: maybe(row.OrganizationID),
		At:    row.OccurredAt.UTC().Format(time.RFC3339Nano),
		Actor: Actor{Kind: e.Actor.Kind, ID: maybe(e.Actor.ID), Name: maybe(e.Actor.Name)}, Reason: maybe(e.Reason), Outcome: e.Outcome,
		Origin:  Origin{Channel: e.Origin.Channel, Address: maybe(e.Origin.Address), UserAgent: maybe(e.Origin.UserAgent)},
		Changes: []Change{}, CorrelationID: maybe(e.CorrelationID), CausationID: maybe(e.CausationID), CommandID: maybe(e.CommandID),
	}
	if e.OnBehalfOf != nil {
		line.OnBehalfOf = &Actor{Kind: e.OnBehalfOf.Kind, ID: maybe(e.OnBehalfOf.ID), Name: maybe(e.OnBehalfOf.Name)}
	}
	members := map[string]string{}
	for _, c := range opened.Changes {
		members[c.Field] = c.New
		if !strings.HasPrefix(row.Type, "refusal.") { // a refusal changed nothing
			line.Changes = append(line.Changes, Change{Field: camel(c.Field), Old: maybe(c.Old), New: maybe(c.New)})
		}
	}
	l.hide(&line)
	actor := words.Actor{Kind: e.Actor.Kind, Self: row.AccountID != "" && e.Actor.ID == row.AccountID}
	if line.Actor.Name != nil {
		actor.Name = *line.Actor.Name
	}
	line.Text = words.Sentence(words.Of(ctx), words.Happening{Type: row.Type, Actor: actor, Reason: e.Reason, Members: members})
	return line, nil
}

// hide takes away who acted, and from where, for a reader who sees no more than the own
// account: a holder learns what was decided, not by whom (N-18).
func (l Lines) hide(line *HistoryLine) {
	if l.Who.May(rights.ReadDecider) > rights.ScopeSelf || line.Actor.ID != nil && *line.Actor.ID == l.Who.AccountID {
		return
	}
	if l.Who.May(rights.ReadHistory) > rights.ScopeSelf && !decides(line.Type) {
		return
	}
	line.Actor.ID, line.Actor.Name, line.OnBehalfOf = nil, nil, nil
	line.Origin.Address, line.Origin.UserAgent = nil, nil
}

// decides says whether an event tells who decided on a request for a license.
func decides(typ string) bool {
	return strings.HasPrefix(typ, "licenserequest.") || strings.HasPrefix(typ, "license.granted.")
}

// ByActor refuses to look for what somebody else did, to an asker who may not see who
// decided: asking for each actor in turn would tell.
func ByActor(who rights.Principal, actor string) error {
	if actor != "" && actor != who.AccountID && who.May(rights.ReadDecider) <= rights.ScopeSelf {
		return commands.ErrDenied
	}
	return nil
}

func (a *API) lines(who rights.Principal) Lines { return Lines{Opener: a.opener(), Who: who} }

func (a *API) opener() audithistory.Opener {
	return audithistory.Opener{Registry: a.Journal.Registry, Keys: a.Journal.Keys}
}

// camel turns stored names into the API's.
func camel(snake string) string {
	first, rest, found := strings.Cut(snake, "_")
	if !found || rest == "" {
		return snake
	}
	return first + strings.ToUpper(rest[:1]) + camel(rest[1:])
}

// historyFilters are those of every history.
var historyFilters = []Param{
	{Name: "type", Max: 1000, Doc: "Stored names, or their beginnings and *, with commas between: account.*,license.*"},
	{Name: "actor", Doc: "The id of who did it."},
	{Name: "outcome", Kind: OneOf, Enum: []string{eventstore.OutcomeDone, eventstore.OutcomeRefused}},
	{Name: "from", Kind: Moment, Doc: "At or after."},
	{Name: "to", Kind: Moment, Doc: "Before."},
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

func (a *API) eventList(id, path, summary string, right rights.Right, filters []Param, order string,
	find func(*asking) (audithistory.Filter, error),
) operation {
	filter := func(k *asking) (audithistory.Filter, error) {
		f, err := find(k)
		f.Types, f.Actor, f.Outcome = typesOf(k.args["type"]), k.args["actor"], k.args["outcome"]
		f.From, f.To = k.args.moment("from"), k.args.moment("to")
		if refused := ByActor(k.who, cmp.Or(k.args["q"], f.Actor)); err == nil && refused != nil {
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
	l := listOf[audithistory.Stored, HistoryLine]{
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
		item: func(k *asking, stored audithistory.Stored) (HistoryLine, error) {
			return a.lines(k.who).line(k.Context(), stored)
		},
	}
	return l.operation(a)
}

// audit is the whole log, the newest first.
func (a *API) audit() operation {
	filters := append([]Param{
		{Name: "subject", Doc: "Whom or what it concerns: the id of an account or of anything else, or a stream (license-<id>)."},
		{Name: "organization", Kind: ID},
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
	id, ok := parseID(bare)
	switch {
	case !ok:
		return "", asked, nil
	case named:
		return id, "", nil
	}
	streams := make([]string, len(subjects))
	for i, category := range subjects {
		streams[i] = category + "-" + id
	}
	begun, err := audithistory.Begun(ctx, a.DB, streams...)
	if err != nil || len(begun) == 0 || slices.Contains(begun, "account-"+id) {
		return id, "", err
	}
	return "", begun[0], nil
}

// subjects are the kinds of things that have ids of their own.
var subjects = []string{"account", "organization", "license", "licenserequest", "letter", "message", "session"}

// flatLine is a line as a CSV has it.
type flatLine struct {
	Position       string  `json:"position"`
	Revision       int64   `json:"revision"`
	At             string  `json:"at"`
	Type           string  `json:"type"`
	Text           string  `json:"text"`
	ActorKind      string  `json:"actorKind"`
	ActorID        *string `json:"actorId"`
	ActorName      *string `json:"actorName"`
	OnBehalfOf     *string `json:"onBehalfOf"`
	Channel        string  `json:"channel"`
	Address        *string `json:"address"`
	UserAgent      *string `json:"userAgent"`
	Reason         *string `json:"reason"`
	Outcome        string  `json:"outcome"`
	Changes        string  `json:"changes"`
	Stream         string  `json:"stream"`
	AccountID      *string `json:"accountId"`
	OrganizationID *string `json:"organizationId"`
	EventID        string  `json:"eventId"`
	CorrelationID  *string `json:"correlationId"`
	CausationID    *string `json:"causationId"`
	CommandID      *string `json:"commandId"`
}

func (l HistoryLine) flat() any {
	f := flatLine{
		Position: l.Position, Revision: l.Revision, At: l.At, Type: l.Type, Text: l.Text, ActorKind: l.Actor.Kind, ActorID: l.Actor.ID,
		ActorName: l.Actor.Name, Channel: l.Origin.Channel, Address: l.Origin.Address, UserAgent: l.Origin.UserAgent, Reason: l.Reason,
		Outcome: l.Outcome, Stream: l.Stream, AccountID: l.AccountID, OrganizationID: l.OrganizationID, EventID: l.EventID,
		CorrelationID: l.CorrelationID, CausationID: l.CausationID, CommandID: l.CommandID,
	}
	if l.OnBehalfOf != nil {
		f.OnBehalfOf = l.OnBehalfOf.ID
	}
	parts := make([]string, len(l.Changes))
	for i, c := range l.Changes {
		parts[i] = c.Field + ": " + text(c.Old) + " → " + text(c.New)
	}
	f.Changes = strings.Join(parts, "; ")
	return f
}

func text(t *string) string {
	if t == nil {
		return ""
	}
	return *t
}
