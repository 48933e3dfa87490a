package api

import (
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/projections/models/audithistory"
)

// Step is one event of an account with the states around it.
type Step struct {
	Event   HistoryLine    `json:"event"`
	Before  *AccountDetail `json:"before" doc:"Null before the first event."`
	After   *AccountDetail `json:"after"`
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
	From        *AccountDetail `json:"from" doc:"Null where there was no account yet."`
	To          *AccountDetail `json:"to"`
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
			id: "GetAccountAsOf", method: http.MethodGet, path: "/accounts/{id}/as-of", summary: "One account as it was.", right: rights.ReadHistory,
			params: []Param{{Name: "at", Kind: Moment}, {Name: "revision", Kind: Number, Max: maxRevision}, waiting},
			answer: reflect.TypeFor[AccountDetail](), refusals: notFound, handle: a.asOf,
		},
		{
			id: "ReplayAccount", method: http.MethodGet, path: "/accounts/{id}/replay", summary: "Every step of one account in order: event, state before, state after, what changed. One JSON value a line.",
			right: rights.ReadHistory, params: []Param{waiting}, media: []string{"application/x-ndjson"}, refusals: notFound, stream: true, handle: a.replay,
		},
		{
			id: "CompareAccount", method: http.MethodGet, path: "/accounts/{id}/compare", summary: "Two states of one account, each named by a time or a revision.", right: rights.ReadHistory,
			params: []Param{{Name: "from", Required: true, Doc: "A time, a date or a revision."}, {Name: "to", Required: true, Doc: "A time, a date or a revision."}, waiting},
			answer: reflect.TypeFor[Comparison](), refusals: notFound, handle: a.compare,
		},
		a.audit(),
	}
}

const maxRevision = 1 << 30

func (a *API) past(k *asking) Past { return Past{DB: a.DB, Lines: a.lines(k.who)} }

// momentOf reads a time, a date or a revision.
func (a *API) momentOf(k *asking, id, name string) (Point, error) {
	text := k.args[name]
	if at, ok := parseMoment(text); ok {
		return a.past(k).AtTime(k.Context(), id, at)
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 0 || revision > maxRevision {
		return Point{}, badParam(name)
	}
	return a.past(k).AtRevision(k.Context(), id, revision)
}

func (a *API) asOf(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	if (k.args["at"] == "") == (k.args["revision"] == "") {
		return badParam("at") // exactly one of the two
	}
	var m Point
	if k.args["at"] != "" {
		m, err = a.past(k).AtTime(k.Context(), id, k.args.moment("at"))
	} else {
		m, err = a.past(k).AtRevision(k.Context(), id, int64(k.args.number("revision", 0)))
	}
	if err != nil {
		return err
	}
	view, err := a.past(k).State(k.Context(), id, m)
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
	var moments [2]Point
	var states [2]*AccountDetail
	for i, name := range []string{"from", "to"} {
		if moments[i], err = a.momentOf(k, id, name); err != nil {
			return err
		}
		if states[i], err = a.past(k).State(k.Context(), id, moments[i]); err != nil {
			return err
		}
	}
	between, err := a.past(k).Between(k.Context(), id, moments[0], moments[1])
	if err != nil {
		return err
	}
	return k.answer(Comparison{From: states[0], To: states[1], Differences: Differences(states[0], states[1]), Events: between})
}

func (a *API) replay(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	control := http.NewResponseController(k.w)
	k.w.Header().Set("Content-Type", "application/x-ndjson")
	n := 0
	for step, err := range a.past(k).Steps(k.Context(), id) {
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
			return nil // the client is gone
		}
	}
	return nil
}
