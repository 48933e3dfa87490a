package answers

import (
	"context"
	"time"

	"sleutelbos/projections/machinery"
)

// ProjectionView is how a projection or a reactor is doing.
type ProjectionView struct {
	Name        string          `json:"name"`
	Reactor     bool            `json:"reactor" doc:"It acts on events and has no rows."`
	Position    string          `json:"position"`
	LagEvents   *int64          `json:"lagEvents" doc:"Events that it has not taken; counted up to a hundred thousand. Null while the event store is out of reach."`
	LagSeconds  *float64        `json:"lagSeconds" doc:"Age of the oldest of them. Null while the event store is out of reach."`
	State       machinery.State `json:"state" enum:"values"`
	LastError   *string         `json:"lastError"`
	LastErrorAt *time.Time      `json:"lastErrorAt"`
	StoppedAt   *fault          `json:"stoppedAt" doc:"The event at which it stopped."`
	PassedOver  int64           `json:"passedOver" doc:"Events about which a reactor could do nothing, since the program began; each is in the history as refusal.passed_over.v1."`
	Foreign     int64           `json:"foreign" doc:"Events in streams of others that a projection passed over, since the program began."`
	Rebuild     *progress       `json:"rebuild" doc:"Of a rebuild under way."`
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

// ProjectionList is the list of them.
type ProjectionList struct {
	Items []ProjectionView `json:"items"`
}

// Projections returns how each projection and reactor is doing.
func Projections(ctx context.Context, runner Runner) (ProjectionList, error) {
	all, err := runner.Status(ctx)
	list := ProjectionList{Items: []ProjectionView{}}
	for _, s := range all {
		list.Items = append(list.Items, viewProjection(s))
	}
	return list, err
}

func viewProjection(s machinery.Status) ProjectionView {
	p := ProjectionView{
		Name: s.Name, Reactor: s.Reactor, Position: PositionText(s.Position),
		State: s.State, LastError: Maybe(s.Error), LastErrorAt: when(s.ErrorAt), PassedOver: s.PassedOver, Foreign: s.Foreign,
	}
	if !s.LagUnknown {
		seconds := s.LagTime.Seconds()
		p.LagEvents, p.LagSeconds = &s.LagEvents, &seconds
	}
	if f := s.Fault; f != nil {
		p.StoppedAt = &fault{f.Type, f.Stream, f.Revision, PositionText(f.Position), f.Problem}
	}
	if r := s.Rebuilding; r != nil {
		p.Rebuild = &progress{r.EventsDone, r.EventsTotal, r.PerSecond, r.Left.Seconds()}
	}
	return p
}
