package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/rights"
)

// Subscriber is a client that follows the log through the node's door right now.
type Subscriber struct {
	Address, User string
	Stream        string // or "$all"
	Group, Filter string // empty if there is none
	Since         time.Time
	Position, Lag int64
}

// Subscribers answers who follows the log, the ones that are furthest behind first.
type Subscribers func(context.Context) []Subscriber

type subscriber struct {
	Address  string    `json:"address"`
	User     *string   `json:"user"`
	Stream   string    `json:"stream" doc:"Or $all."`
	Group    *string   `json:"group" doc:"Of a persistent subscription."`
	Filter   *string   `json:"filter" doc:"In words; without one it sees everything."`
	Since    time.Time `json:"since"`
	Position string    `json:"position" doc:"The last that it was sent: a position in $all, a revision in a stream."`
	Lag      int64     `json:"lag" doc:"Events of the stream, or of the log, behind that."`
}

type subscriberList struct {
	Items []subscriber `json:"items"`
}

func viewSubscriber(s Subscriber) subscriber {
	return subscriber{
		Address: s.Address, User: maybe(s.User), Stream: s.Stream, Group: maybe(s.Group), Filter: maybe(s.Filter),
		Since: s.Since.UTC(), Position: strconv.FormatInt(s.Position, 10), Lag: s.Lag,
	}
}

func (a *API) subscriberOperations() []operation {
	return []operation{{
		id: "ListSubscribers", method: http.MethodGet, path: "/subscribers",
		summary: "Who follows the log through the event store's door, and how far each has come. Only for who may see the whole platform.",
		right:   rights.ReadProjections, answer: reflect.TypeFor[subscriberList](), handle: a.subscribers,
	}}
}

func (a *API) subscribers(k *asking) error {
	if k.who.May(k.op.right) != rights.ScopeAll {
		return a.denied(k, commands.ErrDenied)
	}
	answer := subscriberList{Items: []subscriber{}}
	if a.Subscribers != nil {
		for _, s := range a.Subscribers(k.Context()) {
			answer.Items = append(answer.Items, viewSubscriber(s))
		}
	}
	return k.answer(answer)
}
