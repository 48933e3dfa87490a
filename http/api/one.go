package api

import (
	"errors"
	"net/http"
	"reflect"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

type reader = machinery.Reader

// oneOf is a thing of the contract and its history.
type oneOf[Item any] struct {
	id, path, summary string
	right             rights.Right
	table             string
	// get answers the thing and whose it is. Errors: machinery.ErrNoRow.
	get     func(k *asking, id string) (Item, owner, error)
	missing error
}

// owner says whose a thing is.
type owner struct {
	stream                string
	organization, account string
	revision              int64
}

func (o oneOf[Item]) operation(a *API) operation {
	return operation{
		id: o.id, method: http.MethodGet, path: o.path, summary: o.summary, right: o.right, params: []answers.Param{waiting},
		answer: reflect.TypeFor[Item](), refusals: []int{http.StatusNotFound, http.StatusServiceUnavailable},
		handle: func(k *asking) error {
			item, own, err := o.find(a, k)
			if err != nil {
				return err
			}
			etag(k.w, own.revision)
			return k.answer(item)
		},
	}
}

func (o oneOf[Item]) find(a *API, k *asking) (Item, owner, error) {
	id, err := k.id()
	if err == nil {
		err = a.waitFor(k, o.table)
	}
	if err != nil {
		var none Item
		return none, owner{}, err
	}
	item, own, err := o.get(k, id)
	if errors.Is(err, machinery.ErrNoRow) {
		return item, own, o.missing
	}
	if err == nil {
		err = a.reach(k, own.organization, own.account, o.missing)
	}
	return item, own, err
}

// history answers what happened to the thing.
func (o oneOf[Item]) history(a *API, id, summary string) operation {
	return a.historyOf(id, o.path+"/history", summary, func(k *asking) (audithistory.Filter, error) {
		_, own, err := o.find(a, k)
		return audithistory.Filter{Stream: own.stream}, err
	})
}

// single answers the one row of a page. Errors: machinery.ErrNoRow.
func single[Row any](p listing.Page[Row], err error) (Row, error) {
	var none Row
	switch {
	case err != nil:
		return none, err
	case len(p.Items) == 0:
		return none, machinery.ErrNoRow
	}
	return p.Items[0], nil
}
