package accounts

import (
	"strings"

	"sleutelbos/projections/models/accountdetail"
)

// apiKey is a usable key, as the detail has it.
type apiKey struct{ ID, Prefix, Name string }

func keysOf(row accountdetail.Row) []apiKey {
	var keys []apiKey
	for _, text := range row.APIKeys {
		id, rest, _ := strings.Cut(text, " ")
		prefix, name, _ := strings.Cut(rest, " ")
		keys = append(keys, apiKey{id, prefix, name})
	}
	return keys
}
