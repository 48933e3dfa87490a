package api

import (
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/projections/models/audithistory"
)

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
			params: []answers.Param{{Name: "at", Kind: answers.Moment}, {Name: "revision", Kind: answers.Number, Max: maxRevision}, waiting},
			answer: reflect.TypeFor[answers.AccountDetail](), refusals: notFound, handle: a.asOf,
		},
		{
			id: "ReplayAccount", method: http.MethodGet, path: "/accounts/{id}/replay", summary: "Every step of one account in order: event, state before, state after, what changed. One JSON value a line.",
			right: rights.ReadHistory, params: []answers.Param{waiting}, media: []string{"application/x-ndjson"}, refusals: notFound, stream: true, handle: a.replay,
		},
		{
			id: "CompareAccount", method: http.MethodGet, path: "/accounts/{id}/compare", summary: "Two states of one account, each named by a time or a revision.", right: rights.ReadHistory,
			params: []answers.Param{{Name: "from", Required: true, Doc: "A time, a date or a revision."}, {Name: "to", Required: true, Doc: "A time, a date or a revision."}, waiting},
			answer: reflect.TypeFor[answers.Comparison](), refusals: notFound, handle: a.compare,
		},
		a.audit(),
	}
}

const maxRevision = 1 << 30

func (a *API) past(k *asking) answers.Past { return answers.Past{DB: a.DB, Lines: a.lines(k.who)} }

// momentOf reads a time, a date or a revision.
func (a *API) momentOf(k *asking, id, name string) (answers.Point, error) {
	text := k.args[name]
	if at, ok := answers.ParseMoment(text); ok {
		return a.past(k).AtTime(k.Context(), id, at)
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 0 || revision > maxRevision {
		return answers.Point{}, answers.BadParam(name)
	}
	return a.past(k).AtRevision(k.Context(), id, revision)
}

func (a *API) asOf(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	if (k.args["at"] == "") == (k.args["revision"] == "") {
		return answers.BadParam("at") // exactly one of the two
	}
	var m answers.Point
	if k.args["at"] != "" {
		m, err = a.past(k).AtTime(k.Context(), id, k.args.Moment("at"))
	} else {
		m, err = a.past(k).AtRevision(k.Context(), id, int64(k.args.Number("revision", 0)))
	}
	if err != nil {
		return err
	}
	view, err := a.past(k).State(k.Context(), id, m)
	if err != nil {
		return err
	}
	if view == nil {
		return account.ErrNotFound // not yet
	}
	return k.answer(view)
}

func (a *API) compare(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	var moments [2]answers.Point
	var states [2]*answers.AccountDetail
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
	return k.answer(answers.Comparison{From: states[0], To: states[1], Differences: answers.Differences(states[0], states[1]), Events: between})
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
