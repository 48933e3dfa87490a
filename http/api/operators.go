package api

import (
	"net/http"
	"reflect"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
)

// operators are the calls of those who run the program.
type operators struct{ *API }

func (a operators) operations() []operation {
	return []operation{
		{
			id: "ListProjections", method: http.MethodGet, path: "/projections", summary: "How each projection and reactor is doing.",
			right: rights.ReadProjections, params: []answers.Param{waiting}, answer: reflect.TypeFor[answers.ProjectionList](), handle: a.projections,
		},
		{
			id: "RebuildProjection", method: http.MethodPost, path: "/projections/{name}/rebuild", right: rights.RebuildProjections,
			summary: "Begins to rebuild a read model beside the live one. Its progress is in the list.", empty: true, accepted: true,
			refusals: []int{http.StatusNotFound, http.StatusConflict}, handle: a.rebuild,
		},
	}
}

func (a operators) projections(k *asking) error {
	if err := a.waitFor(k); err != nil {
		return err
	}
	list, err := answers.Projections(k.Context(), a.Runner)
	if err != nil {
		return err
	}
	return k.answer(list)
}

func (a operators) rebuild(k *asking) error {
	if err := a.Rebuilds.Begin(k.Context(), chi.URLParam(k.Request, "name")); err != nil {
		return err
	}
	k.w.WriteHeader(http.StatusAccepted)
	return nil
}
