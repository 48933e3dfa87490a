package frame

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// Option is a choice of a select.
type Option struct{ Value, Label string }

// mostOptions is how many choices a select offers; a Choice searches for more. Nothing but a Choice
// knows it, so that no select stops at it without a search.
const mostOptions = 500

// BadForm returns the refusal of a form that cannot be read.
func BadForm(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return err
	}
	return problem.New(http.StatusBadRequest, "parameter-invalid")
}

// Refused returns the document of a refusal that belongs on the form it came from. It
// returns false for what does not: a fault, a missing right, something that is not there.
func Refused(r *http.Request, err error) (problem.Details, bool) {
	details := problem.Of(r.Context(), err)
	switch details.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusTooManyRequests:
		return details, true
	}
	return details, false
}

// Again shows a form once more, with what was wrong with it. What does not belong on the form is
// returned, see Refused.
func Again(r *http.Request, err error, show func(wrong *problem.Details) error) error {
	details, ok := Refused(r, err)
	if !ok {
		return err
	}
	return show(&details)
}

// Ticked reports whether a box of the form is ticked.
func Ticked(r *http.Request, name string) bool { return r.PostFormValue(name) != "" }

// Typed returns what a form held, for showing it again. Passwords are never shown again.
func Typed(r *http.Request, names []string) map[string]string {
	typed := make(map[string]string, len(names))
	for _, name := range names {
		typed[name] = r.PostFormValue(name)
	}
	return typed
}

// NewKey returns a key for a form that must not do its work twice.
func NewKey() string { return uuid.NewString() }

// OnceKey returns the idempotency key of one part of a form's work; it is empty for a form
// without a good key of its own.
func OnceKey(formKey, part string) string {
	key, err := uuid.Parse(formKey)
	if err != nil {
		return ""
	}
	return uuid.NewSHA1(key, []byte(part)).String()
}

// Result returns a command's result, which is JSON after a repetition.
func Result[R any](o engine.Outcome) (R, error) {
	var result R
	switch made := o.Result.(type) {
	case R:
		return made, nil
	case jsontext.Value:
		if err := json.Unmarshal(made, &result); err != nil {
			return result, fmt.Errorf("read the first answer of a form: %w", err)
		}
	}
	return result, nil
}

// WillHappen says in plain language what a dry run found: the events of a command, and
// what follows from them outside the log.
func WillHappen(l words.Language, action string, outcome engine.Outcome) []string {
	if len(outcome.Events) == 0 {
		return []string{words.Text(l, "will.nothing")}
	}
	var said []string
	say := func(sentence string) {
		if sentence != "" && !slices.Contains(said, sentence) {
			said = append(said, sentence)
		}
	}
	for _, e := range outcome.Events {
		if instead := words.Member("will.instead.*", action+"."+e.Type); words.Known(instead) {
			say(words.Text(l, instead))
			continue
		}
		event, _ := catalog.Find(e.Type) // it would be stored, so it is there
		say(words.Said(l, event.Will))
	}
	if after := words.Member("will.after.*", action); words.Known(after) {
		say(words.Text(l, after))
	}
	return said
}
