package api

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/audithistory"
)

// past is the account as it was.
type past struct{ *API }

// operations are those about the past of an account.
func (a past) operations() []operation {
	notFound := []int{http.StatusNotFound, http.StatusServiceUnavailable}
	return []operation{
		{
			id: "GetAccountAsOf", method: http.MethodGet, path: "/accounts/{id}/as-of", summary: "One account as it was.", right: rights.ReadHistory,
			params:       []answers.Param{{Name: "at", Kind: answers.Moment}, {Name: "revision", Kind: answers.Number, Max: maxRevision}, waiting},
			answerSchema: fieldsSchema(answers.Accounts.Whole.Abouts(true)), refusals: notFound, handle: a.asOf,
		},
		{
			id: "ReplayAccount", method: http.MethodGet, path: "/accounts/{id}/replay", summary: "Every step of one account in order: event, state before, state after, what changed. One JSON value a line.",
			right: rights.ReadHistory, params: []answers.Param{waiting}, media: []string{"application/x-ndjson"}, refusals: notFound, flow: a.download(a.replay),
		},
		{
			id: "CompareAccount", method: http.MethodGet, path: "/accounts/{id}/compare", summary: "Two states of one account, each named by a time or a revision.", right: rights.ReadHistory,
			params:       []answers.Param{{Name: "from", Required: true, Doc: "A time, a date or a revision."}, {Name: "to", Required: true, Doc: "A time, a date or a revision."}, waiting},
			answerSchema: comparisonSchema(), refusals: notFound, handle: a.compare,
		},
	}
}

const maxRevision = 1 << 30

// comparisonSchema returns the schema of a comparison, whose states are accounts.
func comparisonSchema() *schema.Schema {
	s := schema.Of(reflect.TypeFor[answers.Comparison]())
	s.Properties["from"], s.Properties["to"] = accountSchema("Null where there was no account yet."), accountSchema("")
	return s
}

func (a past) of(k *asking) answers.Past { return answers.Past{Source: a.source, Asker: a.asker(k)} }

// historian refuses an account outside the asker's reach, and waits for the history.
func (a past) historian(k *asking) (id string, err error) {
	if id, err = k.id(); err != nil {
		return "", err
	}
	if err := a.waitFor(k, audithistory.Table, accountdetail.Table); err != nil {
		return "", err
	}
	_, err = answers.Accounts.Get(k.Context(), a.source, a.asker(k), rights.ReadHistory, id)
	return id, err
}

// momentOf reads a time, a date or a revision.
func (a past) momentOf(k *asking, id, name string) (answers.Point, error) {
	text := k.args[name]
	if at, ok := listing.MomentOf(text); ok {
		return a.of(k).AtTime(k.Context(), id, at)
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 0 || revision > maxRevision {
		return answers.Point{}, answers.BadParam(name)
	}
	return a.of(k).AtRevision(k.Context(), id, revision)
}

func (a past) asOf(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	if (k.args["at"] == "") == (k.args["revision"] == "") {
		return answers.BadParam("at") // exactly one of the two
	}
	var m answers.Point
	if k.args["at"] != "" {
		m, err = a.of(k).AtTime(k.Context(), id, k.args.Moment("at"))
	} else {
		m, err = a.of(k).AtRevision(k.Context(), id, int64(k.args.Number("revision", 0)))
	}
	if err != nil {
		return err
	}
	view, err := a.of(k).State(k.Context(), id, m)
	if err != nil {
		return err
	}
	if view == nil {
		return account.ErrNotFound // not yet
	}
	return k.answer(view)
}

func (a past) compare(k *asking) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	from, err := a.momentOf(k, id, "from")
	if err != nil {
		return err
	}
	to, err := a.momentOf(k, id, "to")
	if err != nil {
		return err
	}
	comparison, err := a.of(k).Compare(k.Context(), id, from, to)
	if err != nil {
		return err
	}
	return k.answer(comparison)
}

func (a past) replay(k *asking, out *stream) error {
	id, err := a.historian(k)
	if err != nil {
		return err
	}
	out.Header().Set("Content-Type", "application/x-ndjson")
	past := answers.Past{Source: a.streamed, Asker: a.asker(k)}
	for step, err := range past.Steps(k.Context(), id) {
		if err != nil {
			return err
		}
		line, err := json.Marshal(step)
		if err != nil {
			return err
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}
