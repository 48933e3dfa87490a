package answers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/projections/machinery/listing"
)

// Cursors turn places within lists into texts and back. A cursor is authenticated with the
// question and the asker, so that it can be neither made up nor carried to another
// question or another asker.
type Cursors struct{ Key []byte }

// Question is a question to a list, of whose answer a page is a part. Parameters that may differ from page to page
// do not count, nor do empty ones. No value may hold a control character.
type Question struct {
	List       string // the name of the list
	Who        rights.Principal
	Parameters map[string]string
}

type cursor struct {
	Value string `json:"v"`
	Key   string `json:"k"`
}

// Seal returns the cursor of a place; empty for nil, the end of the list.
func (c Cursors) Seal(q Question, place *listing.Place) (string, error) {
	if place == nil {
		return "", nil
	}
	plain, err := json.Marshal(cursor{place.Value, place.Key})
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(c.sign(q, plain), plain...)), nil
}

// Open returns the place of a cursor; nil for an empty one, the first page. Errors:
// *problem.Error for a cursor of another question.
func (c Cursors) Open(q Question, text string) (*listing.Place, error) {
	if text == "" {
		return nil, nil // the first page
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < sha256.Size || !hmac.Equal(raw[:sha256.Size], c.sign(q, raw[sha256.Size:])) {
		return nil, problem.New(http.StatusBadRequest, "cursor-invalid")
	}
	var place cursor
	if err := json.Unmarshal(raw[sha256.Size:], &place); err != nil {
		return nil, problem.New(http.StatusBadRequest, "cursor-invalid")
	}
	return &listing.Place{Value: place.Value, Key: place.Key}, nil
}

// notQuestion are the parameters that may differ from page to page.
var notQuestion = []string{"cursor", "limit", "minPosition"}

func (c Cursors) sign(q Question, plain []byte) []byte {
	mac := hmac.New(sha256.New, c.Key)
	part := func(text string) { mac.Write([]byte(text)); mac.Write([]byte{0}) }
	part(q.List)
	part(q.Who.AccountID)
	part(q.Who.Organization)
	names := make([]string, 0, len(q.Parameters))
	for name, value := range q.Parameters {
		if value != "" && !slices.Contains(notQuestion, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		part(name)
		part(q.Parameters[name])
	}
	part("")
	mac.Write(plain)
	return mac.Sum(nil)
}
