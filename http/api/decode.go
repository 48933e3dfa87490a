package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sleutelbos/http/problem"
)

// readBody answers the request's JSON body. Errors: 415, 413 (by the limit that the
// server sets on every body), and what reading met.
func readBody(r *http.Request) ([]byte, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, problem.New(http.StatusUnsupportedMediaType, "not-json-media-type")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge
		}
		return nil, problem.New(http.StatusBadRequest, "not-json") // cut off on its way
	}
	return body, nil
}

// decode fills a body strictly: an object without unknown or doubled members, no other
// kind, nothing behind it; then holds it to the rules of its tags.
func decode(body []byte, into any) error {
	if jsontext.Value(body).Kind() == 'n' {
		return at("member-kind", "") // null would be taken for an empty object
	}
	if err := json.Unmarshal(body, into, json.RejectUnknownMembers(true)); err != nil {
		return badJSON(err)
	}
	return validate(into)
}

// badJSON says what is wrong and where, and never with which value.
func badJSON(err error) error {
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		if errors.Is(err, json.ErrUnknownName) {
			return at("member-unknown", wrong.JSONPointer)
		}
		return at("member-kind", wrong.JSONPointer)
	}
	if wrong, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(err, jsontext.ErrDuplicateName) {
		return at("member-twice", wrong.JSONPointer)
	}
	return problem.New(http.StatusBadRequest, "not-json")
}

// memberName is what a member's name may look like to be named in an answer. A name is
// the client's text too: what looks otherwise is pointed at by its parent.
var memberName = regexp.MustCompile(`^(?:[a-z][A-Za-z]{0,39}|[0-9]{1,4})$`)

func at(code string, pointer jsontext.Pointer) error {
	known := jsontext.Pointer("")
	for token := range pointer.Tokens() {
		if !memberName.MatchString(token) {
			break
		}
		known = known.AppendToken(token)
	}
	return problem.New(http.StatusBadRequest, code, problem.Field{Pointer: string(known), Code: code})
}
