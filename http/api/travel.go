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
			params:       []answers.Param{{Name: "at", Kind: answers.End, Doc: "A time, or a date: the end of that day in the organization's time zone."}, {Name: "revision", Kind: answers.Number, Max: maxRevision}, waiting},
			answerSchema: fieldsSchema(answers.Accounts.Whole.Abouts(true)), refusals: notFound, handle: a.asOf,
		},
		{
			id: "ReplayAccount", method: http.MethodGet, path: "/accounts/{id}/replay", summary: "Every step of one account in order: event, state before, state after, what changed. One JSON value a line.",
			right: rights.ReadHistory, params: []answers.Param{waiting}, media: []string{"application/x-ndjson"}, refusals: notFound, flow: a.download(a.replay),
		},
		{
			id: "CompareAccount", method: http.MethodGet, path: "/accounts/{id}/compare", summary: "Two states of one account, each named by a time or a revision.", right: rights.ReadHistory,
			params:       []answers.Param{{Name: "from", Required: true, Doc: "A time, a date (the end of that day in the organization's time zone) or a revision."}, {Name: "to", Required: true, Doc: "A time, a date (the end of that day in the organization's time zone) or a revision."}, waiting},
			answerSchema: comparisonSchema(), refusals: notFound, handle: a.compare,
		},
		a.policies(),
		a.permissions(),
		a.employment(),
		a.mailTexts(),
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
func (a past) historian(k *asking) (accountdetail.Item, error) {
	id, err := k.id()
	if err != nil {
		return accountdetail.Item{}, err
	}
	if err := a.waitFor(k, audithistory.Table, accountdetail.Table); err != nil {
		return accountdetail.Item{}, err
	}
	return answers.Accounts.Get(k.Context(), a.source, a.asker(k), rights.ReadHistory, id)
}

// momentOf reads a time, a date or a revision.
func (a past) momentOf(k *asking, of accountdetail.Item, name string) (answers.Point, error) {
	text := k.args[name]
	zone, err := a.source.ZoneOfAccount(k.Context(), of)
	if err != nil {
		return answers.Point{}, err
	}
	if end, ok := listing.EndOf(text, zone); ok {
		return a.of(k).AtTime(k.Context(), of.ID, through(text, end))
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 0 || revision > maxRevision {
		return answers.Point{}, answers.BadParam(name)
	}
	return a.of(k).AtRevision(k.Context(), of.ID, revision)
}

// asOfParam is the parameter that asks how something was at a time.
func asOfParam(name, as string) answers.Param {
	return answers.Param{
		Name: name, Kind: answers.End,
		Doc: as + ": a time, or a date: the end of that day in the organization's time zone. Needs the right to read histories.",
	}
}

// rightFor returns what it takes to read something: as it is by a right, and as it was, if a parameter
// asks for that, by the one to read histories.
func (k *asking) rightFor(name string, now rights.Right) rights.Right {
	if k.args[name] != "" {
		return rights.ReadHistory
	}
	return now
}

// moment returns the time that a parameter of asOfParam means; the zero time if it is absent, which
// means now.
func (k *asking) moment(name string, zone *time.Location) (time.Time, error) {
	text := k.args[name]
	if text == "" {
		return time.Time{}, nil
	}
	end, ok := listing.EndOf(text, zone)
	if !ok {
		return time.Time{}, answers.BadParam(name)
	}
	return through(text, end), nil
}

// through returns the last moment of a day that ends then, and a time as it is.
func through(text string, end time.Time) time.Time {
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return end.Add(-time.Nanosecond)
	}
	return end
}

func (a past) asOf(k *asking) error {
	of, err := a.historian(k)
	if err != nil {
		return err
	}
	if (k.args["at"] == "") == (k.args["revision"] == "") {
		return answers.BadParam("at") // exactly one of the two
	}
	var m answers.Point
	if k.args["at"] != "" {
		m, err = a.momentOf(k, of, "at")
	} else {
		m, err = a.of(k).AtRevision(k.Context(), of.ID, int64(k.args.Number("revision", 0)))
	}
	if err != nil {
		return err
	}
	view, err := a.of(k).State(k.Context(), of.ID, m)
	if err != nil {
		return err
	}
	if view == nil {
		return account.ErrNotFound // not yet
	}
	return k.answer(view)
}

func (a past) compare(k *asking) error {
	of, err := a.historian(k)
	if err != nil {
		return err
	}
	from, err := a.momentOf(k, of, "from")
	if err != nil {
		return err
	}
	to, err := a.momentOf(k, of, "to")
	if err != nil {
		return err
	}
	comparison, err := a.of(k).Compare(k.Context(), of.ID, from, to)
	if err != nil {
		return err
	}
	return k.answer(comparison)
}

func (a past) replay(k *asking, out *stream) error {
	of, err := a.historian(k)
	if err != nil {
		return err
	}
	out.Header().Set("Content-Type", "application/x-ndjson")
	past := answers.Past{Source: a.streamed, Asker: a.asker(k)}
	for step, err := range past.Steps(k.Context(), of.ID) {
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
