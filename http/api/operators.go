package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/projections/machinery"
)

// projection is how one is doing.
type projection struct {
	Name        string     `json:"name"`
	Reactor     bool       `json:"reactor" doc:"It acts on events and has no rows."`
	Position    string     `json:"position"`
	LagEvents   int64      `json:"lagEvents" doc:"Events that it has not taken; counted up to a million."`
	LagSeconds  float64    `json:"lagSeconds" doc:"Age of the oldest of them."`
	State       string     `json:"state" enum:"live,catching-up,stopped,waiting"`
	LastError   *string    `json:"lastError"`
	LastErrorAt *time.Time `json:"lastErrorAt"`
	StoppedAt   *fault     `json:"stoppedAt" doc:"The event at which it stopped."`
	Rebuild     *progress  `json:"rebuild" doc:"Of a rebuild under way."`
}

type fault struct {
	Type     string `json:"type"`
	Stream   string `json:"stream"`
	Revision int64  `json:"revision"`
	Position string `json:"position"`
	Problem  string `json:"problem"`
}

type progress struct {
	EventsDone  int64   `json:"eventsDone"`
	EventsTotal int64   `json:"eventsTotal"`
	PerSecond   float64 `json:"perSecond"`
	SecondsLeft float64 `json:"secondsLeft"`
}

type projectionList struct {
	Items []projection `json:"items"`
}

func viewProjection(s machinery.Status) projection {
	p := projection{
		Name: s.Name, Reactor: s.Reactor, Position: positionText(s.Position), LagEvents: s.LagEvents, LagSeconds: s.LagTime.Seconds(),
		State: string(s.State), LastError: maybe(s.Error), LastErrorAt: when(s.ErrorAt),
	}
	if f := s.Fault; f != nil {
		p.StoppedAt = &fault{f.Type, f.Stream, f.Revision, positionText(f.Position), f.Problem}
	}
	if r := s.Rebuilding; r != nil {
		p.Rebuild = &progress{r.EventsDone, r.EventsTotal, r.PerSecond, r.Left.Seconds()}
	}
	return p
}

func (a *API) operatorOperations() []operation {
	return []operation{
		{
			id: "ListProjections", method: http.MethodGet, path: "/projections", summary: "How each projection and reactor is doing.",
			right: rights.ReadProjections, params: []Param{waiting}, answer: reflect.TypeFor[projectionList](), handle: a.projections,
		},
		{
			id: "RebuildProjection", method: http.MethodPost, path: "/projections/{name}/rebuild", right: rights.RebuildProjections,
			summary: "Begins to rebuild a read model beside the live one. Its progress is in the list.", empty: true, accepted: true,
			refusals: []int{http.StatusNotFound, http.StatusConflict}, handle: a.rebuild,
		},
	}
}

func (a *API) projections(k *asking) error {
	if err := a.waitFor(k); err != nil {
		return err
	}
	all, err := a.Runner.Status(k.Context())
	if err != nil {
		return err
	}
	answer := projectionList{Items: []projection{}}
	for _, s := range all {
		answer.Items = append(answer.Items, viewProjection(s))
	}
	return k.answer(answer)
}

func (a *API) rebuild(k *asking) error {
	if err := a.Rebuilds.Begin(k.Context(), chi.URLParam(k.Request, "name")); err != nil {
		return err
	}
	k.w.WriteHeader(http.StatusAccepted)
	return nil
}
