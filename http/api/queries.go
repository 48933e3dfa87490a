package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/projections/machinery"
)

// Page is the answer of every list.
type Page struct {
	Items    []answers.Item `json:"items"`
	Next     *string        `json:"next" doc:"The cursor of the next page; null at the end."`
	Total    int64          `json:"total" doc:"Of all pages."`
	AtLeast  bool           `json:"totalIsAtLeast,omitzero" doc:"A search finds more than were counted: 1,000, or fewer of an organization."`
	Position string         `json:"position" doc:"Of the log, up to which the rows reflect it."`
}

// pages are the texts of pages that were written, for the next ones: each is some hundred kilobytes.
var pages = sync.Pool{New: func() any { return new([]byte) }}

// roomOfItem is how many bytes most items take at most.
const roomOfItem = 1 << 10

// appendJSON appends the page to a text, as an encoder would write it.
func (p Page) appendJSON(b []byte) ([]byte, error) {
	items := p.Items
	p.Items = nil
	frame, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	const begin = `{"items":[` // behind it comes the end of no items
	b = append(slices.Grow(b, len(frame)+len(items)*roomOfItem), begin...)
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = item.AppendJSON(b); err != nil {
			return nil, err
		}
	}
	return append(b, frame[len(begin):]...), nil
}

const (
	minPosition = "minPosition"
	waitAtMost  = 5 * time.Second
	// queryTimeout bounds what a list may take of the database.
	queryTimeout = 20 * time.Second
)

// waiting is the parameter of every query that a read model answers.
var waiting = answers.Param{Name: minPosition, Kind: answers.Position, Doc: "Waits, at most 5 s, until the read model has come this far; the position of a command's answer shows what it did."}

// queries are what read models alone can answer.
type queries struct{ *API }

// operations are the lists, the things themselves and their histories.
func (a queries) operations() []operation {
	var all []operation
	streamed := a.streamed.Queries()
	for i, q := range a.source.Queries() {
		o := operation{
			id: q.ID, method: http.MethodGet, path: q.Path, summary: q.Summary, right: q.Right, params: append(q.Params, waiting),
			refusals: append(q.Refusals, http.StatusServiceUnavailable),
		}
		item := itemSchema(q.Shape)
		if q.One != nil {
			o.answerSchema, o.handle = item, func(k *asking) error { return a.one(k, q) }
		} else {
			o.media = []string{"text/csv"}
			o.flow = a.download(func(k *asking, out *stream) error { return a.writeList(k, out, streamed[i]) })
			o.answerSchema, o.handle = pageSchema(item), func(k *asking) error { return a.list(k, q) }
		}
		all = append(all, o)
	}
	return all
}

// asker returns who asks, for the answers.
func (a *API) asker(k *asking) answers.Asker {
	return answers.Asker{Who: k.who, Refused: func(refusal error) error { return a.denied(k, refusal) }}
}

func (a queries) one(k *asking, q answers.Query) error {
	id, err := k.id()
	if err == nil {
		err = a.waitFor(k, q.Tables...)
	}
	if err != nil {
		return err
	}
	item, own, err := q.One(k.Context(), a.asker(k), id)
	if err != nil {
		return err
	}
	etag(k.w, own.Revision)
	return k.answer(item)
}

func (a queries) list(k *asking, q answers.Query) error {
	id, err := a.listed(k, q)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(k.Context(), queryTimeout)
	defer cancel()
	page, err := q.List(ctx, a.asker(k), id, k.args)
	if err != nil {
		return err
	}
	body, _ := pages.Get().(*[]byte)
	defer pages.Put(body)
	*body, err = Page{Items: page.Items, Next: answers.Maybe(page.Next), Total: page.Total, AtLeast: page.More, Position: page.Position}.appendJSON((*body)[:0])
	if err != nil {
		return err
	}
	k.write(*body)
	return nil
}

// listed returns the id in the path of a list, and waits for its read models.
func (a queries) listed(k *asking, q answers.Query) (id string, err error) {
	if id, err = k.idIn(q.Path); err != nil {
		return "", err
	}
	return id, a.waitFor(k, q.Tables...)
}

// waitFor waits for the position that the client asks to see.
func (a *API) waitFor(k *asking, tables ...string) error {
	position := k.args.Position(minPosition)
	if position.IsZero() {
		return nil
	}
	ctx, cancel := context.WithTimeout(k.Context(), waitAtMost)
	defer cancel()
	err := a.Runner.WaitFor(ctx, position, tables...)
	if errors.Is(err, machinery.ErrBehind) && k.Context().Err() == nil {
		return problem.Later(http.StatusServiceUnavailable, "read-model-behind", time.Second)
	}
	return err
}

func etag(w http.ResponseWriter, revision int64) {
	w.Header().Set("ETag", `"`+strconv.FormatInt(revision, 10)+`"`)
}
