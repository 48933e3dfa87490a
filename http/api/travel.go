package api

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands"
	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/projections"
	"sleutelbos/projections/accountdetail"
	"sleutelbos/projections/audithistory"
	"sleutelbos/projections/listing"
)

// Step is one event of an account with the states around it.
type Step struct {
	Event   HistoryLine    `json:"event"`
	Before  *accountDetail `json:"before" doc:"Null before the first event."`
	After   *accountDetail `json:"after"`
	Changes []Difference   `json:"changes"`
}

// Difference is one member of two states.
type Difference struct {
	Field string `json:"field"`
	Old   any    `json:"old"`
	New   any    `json:"new"`
}

// Comparison is two states of one account.
type Comparison struct {
	From        *accountDetail `json:"from" doc:"Null where there was no account yet."`
	To          *accountDetail `json:"to"`
	Differences []Difference   `json:"differences"`
	Events      []HistoryLine  `json:"events" doc:"Those between, the first excluded, the last included."`
}

func (a *API) historyOperations() []operation {
	notFound := []int{http.StatusNotFound, http.StatusServiceUnavailable}
	return []operation{
		a.historyOf("GetAccountHistory", "/accounts/{id}/history", "What happened to one account, in plain language.",
			func(k *asking) (audithistory.Filter, error) {
				id, err := a.historian(k)
				return audithistory.Filter{Account: id}, err
			}),
		{
			id: "GetAccountAsOf", method: http.MethodGet, path: "/accounts/{id}/as-of", summary: "One account as it was.", right: commands.ReadHistory,
			params: []Param{{Name: "at", Kind: Moment}, {Name: "revision", Kind: Number, Max: maxRevision}, waiting},
			answer: reflect.TypeFor[accountDetail](), refusals: notFound, handle: a.asOf,
		},
		{
			id: "ReplayAccount", method: http.MethodGet, path: "/accounts/{id}/replay", summary: "Every step of one account in order: event, state before, state after, what changed. One JSON value a line.",
			right: commands.ReadHistory, params: []Param{waiting}, media: []string{"application/x-ndjson"}, refusals: notFound, stream: true, handle: a.replay,
		},
		{
			id: "CompareAccount", method: http.MethodGet, path: "/accounts/{id}/compare", summary: "Two states of one account, each named by a time or a revision.", right: commands.ReadHistory,
			params: []Param{{Name: "from", Required: true, Doc: "A time, a date or a revision."}, {Name: "to", Required: true, Doc: "A time, a date or a revision."}, waiting},
			answer: reflect.TypeFor[Comparison](), refusals: notFound, handle: a.compare,
		},
		a.audit(),
	}
}

const maxRevision = 1 << 30

// moment is a place in an account's history: up to and with a position, seen at a time.
type moment struct {
	through eventstore.Position
	at      time.Time // zero: when the last event up to there happened
}

var errRevision = problem.New(http.StatusNotFound, "revision-unknown")

func (a *API) momentOfRevision(ctx context.Context, id string, revision int64) (moment, error) {
	position, err := audithistory.PositionOf(ctx, a.DB, eventstore.AccountSubject(id), revision)
	if errors.Is(err, projections.ErrNoRow) {
		return moment{}, errRevision
	}
	return moment{through: position}, err
}

func (a *API) momentAt(ctx context.Context, id string, at time.Time) (moment, error) {
	position, err := audithistory.PositionAt(ctx, a.DB, id, at)
	return moment{through: position, at: at}, err
}

// momentOf reads a time, a date or a revision.
func (a *API) momentOf(k *asking, id, name string) (moment, error) {
	text := k.args[name]
	if at, ok := parseMoment(text); ok {
		return a.momentAt(k.Context(), id, at)
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 0 || revision > maxRevision {
		return moment{}, badParam(name)
	}
	return a.momentOfRevision(k.Context(), id, revision)
}

// state answers the account as it was; nil before its first event.
func (a *API) state(k *asking, id string, m moment) (*accountDetail, error) {
	if m.through == 0 {
		return nil, nil // nothing had happened yet
	}
	entries, err := a.opener().Collect(k.Context(), a.DB, id, m.through)
	if err != nil {
		return nil, err
	}
	row, ok := accountdetail.New().FoldOne(id, entries...)
	if !ok {
		return nil, nil // nothing had happened to the account itself
	}
	if m.at.IsZero() {
		m.at = entries[len(entries)-1].Record.Envelope.OccurredAt
	}
	view, err := a.viewDetail(k, row, m.at)
	return &view, err
}

func (a *API) asOf(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	if (k.args["at"] == "") == (k.args["revision"] == "") {
		return badParam("at") // exactly one of the two
	}
	var m moment
	if k.args["at"] != "" {
		m, err = a.momentAt(k.Context(), id, k.args.moment("at"))
	} else {
		m, err = a.momentOfRevision(k.Context(), id, int64(k.args.number("revision", 0)))
	}
	if err != nil {
		return err
	}
	view, err := a.state(k, id, m)
	if err != nil {
		return err
	}
	if view == nil {
		return errAccount // not yet
	}
	return k.answer(view)
}

func (a *API) compare(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	var moments [2]moment
	var states [2]*accountDetail
	for i, name := range []string{"from", "to"} {
		if moments[i], err = a.momentOf(k, id, name); err != nil {
			return err
		}
		if states[i], err = a.state(k, id, moments[i]); err != nil {
			return err
		}
	}
	answer := Comparison{From: states[0], To: states[1], Differences: differences(states[0], states[1]), Events: []HistoryLine{}}
	between := audithistory.Filter{
		Account: id, After: min(moments[0].through, moments[1].through), Through: max(moments[0].through, moments[1].through),
	}
	if between.After < between.Through {
		lines := a.lines(k.who)
		for row, err := range audithistory.All(k.Context(), a.DB, between, listing.Query{}) {
			if err != nil {
				return err
			}
			line, err := lines.Line(k.Context(), row)
			if err != nil {
				return err
			}
			answer.Events = append(answer.Events, line)
		}
	}
	return k.answer(answer)
}

func (a *API) replay(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	control := http.NewResponseController(k.w)
	k.w.Header().Set("Content-Type", "application/x-ndjson")
	n := 0
	for step, err := range a.steps(k, id) {
		if err != nil {
			if n == 0 {
				return err
			}
			problem.Log(k.Context()).Error("a replay broke off", "error", err.Error())
			panic(http.ErrAbortHandler) // a part must not be taken for the whole
		}
		line, err := json.Marshal(step)
		if err != nil {
			return err
		}
		if n++; n%100 == 1 {
			_ = control.SetWriteDeadline(time.Now().Add(slowClient)) // not every writer has one
		}
		if _, err := k.w.Write(append(line, '\n')); err != nil {
			return nil //nolint:nilerr // the client is gone
		}
	}
	return nil
}

// steps yields an account's events, the oldest first, with the states around them.
func (a *API) steps(k *asking, id string) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		table, lines := accountdetail.New(), a.lines(k.who)
		rows := map[string]accountdetail.Row{}
		var before *accountDetail
		for row, err := range audithistory.All(k.Context(), a.DB, audithistory.Filter{Account: id}, listing.Query{}) {
			var step Step
			if err == nil {
				step.Event, err = lines.Line(k.Context(), row)
			}
			var line audithistory.Line
			if err == nil {
				line, err = lines.Opener.Open(k.Context(), row)
			}
			if err != nil {
				yield(Step{}, err)
				return
			}
			rows = table.FoldAll(rows, eventstore.Entry{Event: line.Event, Record: line.Record})
			step.Before = before
			if state, ok := rows[id]; ok {
				view, err := a.viewDetail(k, state, row.OccurredAt)
				if err != nil {
					yield(Step{}, err)
					return
				}
				step.After, before = &view, &view
			}
			step.Changes = differences(step.Before, step.After)
			if !yield(step, nil) {
				return
			}
		}
	}
}

// differences answers the members that two states do not share, in their order.
func differences(from, to *accountDetail) []Difference {
	changed := []Difference{}
	var none accountDetail
	for _, m := range membersOf(reflect.TypeOf(none)) {
		before, after := memberOf(from, m), memberOf(to, m)
		if !reflect.DeepEqual(before, after) && m.name != "changedAt" && m.name != "revision" {
			changed = append(changed, Difference{Field: m.name, Old: before, New: after})
		}
	}
	return changed
}

func memberOf(state *accountDetail, m member) any {
	if state == nil {
		return nil
	}
	v := reflect.ValueOf(*state).FieldByIndex(m.index)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return reflect.Indirect(v).Interface()
}
