package api

import (
	"net/http"
	"reflect"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
)

func (a operators) ofSubscribers() []operation {
	return []operation{{
		id: "ListSubscribers", method: http.MethodGet, path: "/subscribers",
		summary: "Who follows the log through the event store's door, and how far each has come. Only for who may see the whole platform.",
		right:   rights.ReadProjections, answer: reflect.TypeFor[answers.SubscriberList](), handle: a.subscribers,
	}}
}

func (a operators) subscribers(k *asking) error {
	list, err := a.Subscribers.List(k.Context(), a.asker(k))
	if err != nil {
		return err
	}
	return k.answer(list)
}
