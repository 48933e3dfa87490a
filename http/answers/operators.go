package answers

import (
	"context"
	"strconv"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/projections/machinery"
)

// Subscriber is a client that follows the log through the node's door right now.
type Subscriber struct {
	Address, User string
	Stream        string // or "$all"
	Group, Filter string // empty if there is none
	Since         time.Time
	Position, Lag int64
}

// Subscribers returns who follows the log, the ones that are furthest behind first.
type Subscribers func(context.Context) []Subscriber

// SubscriberView is a subscriber as clients see it.
type SubscriberView struct {
	Address  string    `json:"address"`
	User     *string   `json:"user"`
	Stream   string    `json:"stream" doc:"Or $all."`
	Group    *string   `json:"group" doc:"Of a persistent subscription."`
	Filter   *string   `json:"filter" doc:"In words; without one it sees everything."`
	Since    time.Time `json:"since"`
	Position string    `json:"position" doc:"The last that it was sent: a position in $all, a revision in a stream."`
	Lag      int64     `json:"lag" doc:"Events of the stream, or of the log, behind that."`
}

// SubscriberList is the list of them.
type SubscriberList struct {
	Items []SubscriberView `json:"items"`
}

// List returns who follows the log, to who may see the whole platform.
func (s Subscribers) List(ctx context.Context, asker Asker) (SubscriberList, error) {
	if asker.Who.May(rights.ReadProjections) != rights.ScopeAll {
		return SubscriberList{}, asker.Refused(engine.ErrDenied)
	}
	list := SubscriberList{Items: []SubscriberView{}}
	if s != nil {
		for _, each := range s(ctx) {
			list.Items = append(list.Items, viewSubscriber(each))
		}
	}
	return list, nil
}

func viewSubscriber(s Subscriber) SubscriberView {
	return SubscriberView{
		Address: s.Address, User: Maybe(s.User), Stream: s.Stream, Group: Maybe(s.Group), Filter: Maybe(s.Filter),
		Since: s.Since.UTC(), Position: strconv.FormatInt(s.Position, 10), Lag: s.Lag,
	}
}

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
		State: s.State, LastError: Maybe(s.Error), LastErrorAt: when(s.ErrorAt), PassedOver: s.PassedOver,
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
