package ui

import (
	"embed"
	"fmt"

	"github.com/go-json-experiment/json"

	"sleutelbos/http/words"
)

// Texts of the pages, a JSON object a language, in files by subject: "<subject>.<lang>.json".
// A test compares the keys of the languages, and the keys that templates use.
//
//go:embed locale
var localeFiles embed.FS

var texts = readTexts()

func readTexts() map[words.Language]map[string]string {
	all := map[words.Language]map[string]string{}
	entries, err := localeFiles.ReadDir("locale")
	if err != nil {
		panic("ui: the texts are embedded: " + err.Error())
	}
	for _, l := range words.Languages {
		all[l] = map[string]string{}
		for _, entry := range entries {
			if len(entry.Name()) < len("x.nl.json") || entry.Name()[len(entry.Name())-len("nl.json"):] != string(l)+".json" {
				continue
			}
			raw, err := localeFiles.ReadFile("locale/" + entry.Name())
			if err != nil {
				panic("ui: the texts are embedded: " + err.Error())
			}
			var some map[string]string
			if err := json.Unmarshal(raw, &some); err != nil {
				panic("ui: " + entry.Name() + ": " + err.Error())
			}
			for key, said := range some {
				if _, ok := all[l][key]; ok {
					panic("ui: the text " + key + " is said twice in " + string(l))
				}
				all[l][key] = said
			}
		}
	}
	return all
}

// text answers a text in a language, with its arguments in place of %s and %d.
func text(l words.Language, key string, args ...any) string {
	said, ok := texts[l][key]
	switch {
	case !ok:
		return key
	case len(args) == 0:
		return said
	}
	return fmt.Sprintf(said, args...)
}

func known(l words.Language, key string) bool { _, ok := texts[l][key]; return ok }
