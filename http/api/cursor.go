package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json"

	"sleutelbos/http/problem"
	"sleutelbos/projections/listing"
)

// A cursor says where a page ended. It is authenticated with the question and the asker,
// so that it can be neither made up nor carried to another question or another asker.

type cursor struct {
	Value string `json:"v"`
	Key   string `json:"k"`
}

func (a *API) cursor(k *asking, place *listing.Place) (*string, error) {
	if place == nil {
		return nil, nil // the end of the list
	}
	plain, err := json.Marshal(cursor{place.Value, place.Key})
	if err != nil {
		return nil, err
	}
	text := base64.RawURLEncoding.EncodeToString(append(a.sign(k, plain), plain...))
	return &text, nil
}

func (a *API) place(k *asking) (*listing.Place, error) {
	text := k.args["cursor"]
	if text == "" {
		return nil, nil // the first page
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < sha256.Size || !hmac.Equal(raw[:sha256.Size], a.sign(k, raw[sha256.Size:])) {
		return nil, problem.New(http.StatusBadRequest, "cursor-invalid")
	}
	var c cursor
	if err := json.Unmarshal(raw[sha256.Size:], &c); err != nil {
		return nil, problem.New(http.StatusBadRequest, "cursor-invalid")
	}
	return &listing.Place{Value: c.Value, Key: c.Key}, nil
}

// notQuestion are the parameters that may differ from page to page.
var notQuestion = []string{"cursor", "limit", "minPosition"}

func (a *API) sign(k *asking, plain []byte) []byte {
	mac := hmac.New(sha256.New, a.CursorKey)
	part := func(text string) { mac.Write([]byte(text)); mac.Write([]byte{0}) }
	part(k.op.id)
	part(k.who.AccountID)
	part(k.who.Organization)
	names := make([]string, 0, len(k.args))
	for name := range k.args {
		if k.args[name] != "" && !slices.Contains(notQuestion, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names { // no value holds the separator: control characters are refused
		part(name)
		part(k.args[name])
	}
	part("")
	mac.Write(plain)
	return mac.Sum(nil)
}
