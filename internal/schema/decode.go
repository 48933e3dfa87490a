package schema

import (
	"errors"
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Error says what is wrong with a body. It never holds a value that the client sent.
type Error struct {
	Malformed bool   // it is not even of the right form: no JSON, or members of another kind
	Code      string // of the first refusal, or "several-invalid"
	Fields    []Field
}

// Field is a member of a body that is not acceptable.
type Field struct {
	Pointer string // RFC 6901
	Code    string
	Most    int // the characters that a text may have; 0 if that is not what it is about
}

func (e *Error) Error() string { return e.Code }

// Decode fills a body strictly: the JSON is one object without unknown or repeated members,
// every member is of its kind, and nothing stands behind the object. Then the body is held to
// the rules of its tags, see Validate.
func Decode(body []byte, into any) error {
	if jsontext.Value(body).Kind() == 'n' {
		return at("member-kind", "") // null would be taken for an empty object
	}
	if err := json.Unmarshal(body, into, json.RejectUnknownMembers(true)); err != nil {
		return badJSON(err)
	}
	return Validate(into)
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
	return &Error{Malformed: true, Code: "not-json"}
}

// memberName is what a member's name may look like to be named in an answer. A name is the
// client's text too: one that looks otherwise is not repeated, and the pointer ends at its
// parent.
var memberName = regexp.MustCompile(`^(?:[a-z][A-Za-z]{0,39}|[0-9]{1,4})$`)

func at(code string, pointer jsontext.Pointer) error {
	known := jsontext.Pointer("")
	for token := range pointer.Tokens() {
		if !memberName.MatchString(token) {
			break
		}
		known = known.AppendToken(token)
	}
	return &Error{Malformed: true, Code: code, Fields: []Field{{Pointer: string(known), Code: code}}}
}
