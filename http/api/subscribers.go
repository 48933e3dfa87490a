package api

import (
	"net/http"
	"reflect"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
)

func (a *API) subscriberOperations() []operation {
	return []operation{{
		id: "ListSubscribers", method: http.MethodGet, path: "/subscribers",
		summary: "Who follows the log through the event store's door, and how far each has come. Only for who may see the whole platform.",
		right:   rights.ReadProjections, answer: reflect.TypeFor[answers.SubscriberList](), handle: a.subscribers,
	}}
}

func (a *API) subscribers(k *asking) error {
	if k.who.May(k.op.right) != rights.ScopeAll {
		return a.denied(k, engine.ErrDenied)
	}
	answer := answers.SubscriberList{Items: []answers.SubscriberView{}}
	if a.Subscribers != nil {
		for _, s := range a.Subscribers(k.Context()) {
			answer.Items = append(answer.Items, answers.ViewSubscriber(s))
		}
	}
	return k.answer(answer)
}
