package api

import (
	"io"
	"net/http"
	"reflect"
	"strconv"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
)

// ofLog are what concerns the log as a whole: who follows it, and its seals.
func (a operators) ofLog() []operation {
	return []operation{{
		id: "GetSealNote", method: http.MethodGet, path: "/seals/note",
		summary: "The signed note of a seal, with the end of each stream that changed before it. Only for who may see the whole platform.",
		right:   rights.ReadProjections, params: []answers.Param{{Name: "size", Max: 18, Doc: "Events that the seal covers; without it the newest seal."}},
		media: []string{"text/plain; charset=utf-8"}, refusals: []int{http.StatusNotFound}, handle: a.sealNote,
	}, {
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

func (a operators) sealNote(k *asking) error {
	if k.who.May(rights.ReadProjections) != rights.ScopeAll {
		return a.denied(k, engine.ErrDenied)
	}
	size := int64(0)
	if text := k.args["size"]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			return answers.BadParam("size")
		}
		size = n
	}
	note, found, err := a.SealNote(size)
	if err != nil {
		return err
	}
	if !found {
		return problem.New(http.StatusNotFound, "not-found")
	}
	k.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	k.w.Header().Set("Content-Disposition", `attachment; filename="seal.note"`)
	_, _ = io.WriteString(k.w, note) // the client may be gone; there is nobody to tell
	return nil
}
