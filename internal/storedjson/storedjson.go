// Package storedjson writes and reads the JSON of what is kept: events, their envelopes, seals,
// sessions and the answers to repeated commands. A later version of the program has to read
// every byte that it wrote, so the choice of the library and of its options is made here,
// once, and the golden files of the catalog hold it to what is stored already.
package storedjson

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Raw is a value that stays as it was written.
type Raw = jsontext.Value

// Marshal returns a value as it is kept. The same value is always the same bytes: the names
// of a map are sorted.
func Marshal(v any) ([]byte, error) { return json.Marshal(v, json.Deterministic(true)) }

// Unmarshal reads what Marshal wrote. It passes over members that it does not know, which a
// newer version may have written, and refuses a name that comes twice.
func Unmarshal(text []byte, into any) error { return json.Unmarshal(text, into) }
