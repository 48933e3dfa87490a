package api

import (
	"context"
	"encoding/csv"
	"errors"
	"iter"
	"net/http"
	"reflect"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// listOf is a list of the contract: search, filters, order, pages, CSV. Row is what the
// read model answers, Item what the client gets.
type listOf[Row, Item any] struct {
	id, path, summary string
	right             rights.Right
	tables            []string // that the rows come from; the first names the position
	sorts             []listing.Sort
	filters           []answers.Param

	// rows answers a page and the whole list of what the asker may see.
	page func(ctx context.Context, k *asking, q listing.Query) (listing.Page[Row], error)
	all  func(ctx context.Context, k *asking, q listing.Query) iter.Seq2[Row, error]
	item func(k *asking, row Row) (Item, error)
}

// Page is the answer of every list.
type Page[Item any] struct {
	Items    []Item  `json:"items"`
	Next     *string `json:"next" doc:"The cursor of the next page; null at the end."`
	Total    int64   `json:"total" doc:"Of all pages."`
	Position string  `json:"position" doc:"Of the log, up to which the rows reflect it."`
}

const (
	minPosition = "minPosition"
	waitAtMost  = 5 * time.Second
)

// waiting is the parameter of every query that a read model answers.
var waiting = answers.Param{Name: minPosition, Kind: answers.Position, Doc: "Waits, at most 5 s, until the read model has come this far; the position of a command's answer shows what it did."}

func (l listOf[Row, Item]) operation(a *API) operation {
	params := append(answers.ListParams(l.filters, l.sorts), waiting)
	return operation{
		id: l.id, method: http.MethodGet, path: l.path, summary: l.summary, right: l.right, params: params, stream: true,
		answer: reflect.TypeFor[Page[Item]](), media: []string{"text/csv"}, refusals: []int{http.StatusServiceUnavailable},
		handle: func(k *asking) error { return l.serve(a, k) },
	}
}

func (l listOf[Row, Item]) serve(a *API, k *asking) error {
	ctx := k.Context()
	if err := a.waitFor(k, l.tables...); err != nil {
		return err
	}
	after, err := a.cursors().Open(k.question(), k.args["cursor"])
	if err != nil {
		return err
	}
	q := listing.Query{Search: k.args["q"], Sort: k.args["sort"], Limit: k.args.Number("limit", 0), After: after}
	if k.args["format"] == "csv" {
		return writeCSV(k, l.id, func(yield func(Item, error) bool) {
			for row, err := range l.all(ctx, k, q) {
				var item Item
				if err == nil {
					item, err = l.item(k, row)
				}
				if !yield(item, err) || err != nil {
					return
				}
			}
		})
	}
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	position, err := a.position(ctx, l.tables[0])
	if err != nil {
		return err
	}
	page, err := l.page(ctx, k, q)
	if err != nil {
		return err
	}
	next, err := a.cursors().Seal(k.question(), page.Next)
	if err != nil {
		return err
	}
	items, err := l.itemsOf(k, page.Items)
	if err != nil {
		return err
	}
	return k.answer(Page[Item]{Items: items, Next: answers.Maybe(next), Total: page.Total, Position: position})
}

// rowsAtOnce is how many rows one core turns into items at a time: opening a line of a
// history costs some microseconds, and a page may have five hundred.
const rowsAtOnce = 64

// itemsOf turns rows into items, on every core where there are many.
func (l listOf[Row, Item]) itemsOf(k *asking, rows []Row) ([]Item, error) {
	items := make([]Item, len(rows))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for begin := 0; begin < len(rows); begin += rowsAtOnce {
		end := min(begin+rowsAtOnce, len(rows))
		work.Go(func() error {
			for i := begin; i < end; i++ {
				var err error
				if items[i], err = l.item(k, rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return items, work.Wait()
}

// queryTimeout bounds what a list may take of the database.
const queryTimeout = 20 * time.Second

// position answers how far a read model is. It is asked before the rows, so that they
// reflect at least that.
func (a *API) position(ctx context.Context, table string) (string, error) {
	checkpoint, err := a.DB.Checkpoint(ctx, table)
	return checkpoint.Position.String(), err
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

// writeCSV streams a list. After the first line the status is sent: what fails then cuts
// the answer off, so that nobody takes a part for the whole.
func writeCSV[Item any](k *asking, name string, items iter.Seq2[Item, error]) error {
	control := http.NewResponseController(k.w)
	out := csv.NewWriter(k.w)
	began := false
	begin := func() error {
		k.w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
		k.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
		began = true
		var none Item
		return out.Write(answers.ColumnsOf(answers.Flatten(none).Type()))
	}
	n := 0
	for item, err := range items {
		if err != nil {
			if !began {
				return err
			}
			problem.Log(k.Context()).Error("a list broke off", "operation", k.op.id, "error", err.Error())
			panic(http.ErrAbortHandler)
		}
		if !began {
			if err := begin(); err != nil {
				return err
			}
		}
		if err := out.Write(answers.CellsOf(answers.Flatten(item))); err != nil {
			return nil // the client is gone
		}
		if n++; n%500 == 1 {
			_ = control.SetWriteDeadline(time.Now().Add(slowClient)) // not every writer has one
		}
	}
	if !began {
		if err := begin(); err != nil {
			return err
		}
	}
	out.Flush()
	return nil
}

// slowClient is how long a reader of a stream may keep us waiting.
const slowClient = 30 * time.Second

// scope narrows a filter's organization to the asker's reach. An organization outside it
// is refused as if it were not there.
func (a *API) scope(k *asking, asked string) (within, account string, err error) {
	switch k.who.May(k.op.right) {
	case rights.ScopeAll:
		return asked, "", nil
	case rights.ScopeOrganization:
		if asked != "" && asked != k.who.Organization {
			return "", "", a.denied(k, organization.ErrNotFound)
		}
		return k.who.Organization, "", nil
	default:
		if asked != "" && asked != k.who.Organization {
			return "", "", a.denied(k, organization.ErrNotFound)
		}
		return asked, k.who.AccountID, nil
	}
}

func etag(w http.ResponseWriter, revision int64) {
	w.Header().Set("ETag", `"`+strconv.FormatInt(revision, 10)+`"`)
}
