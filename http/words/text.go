package words

import (
	"embed"
	"fmt"
	"path"

	"github.com/go-json-experiment/json"
)

// The texts of the pages: a file for each subject, with every text in both languages.
//
//go:embed texts
var textFiles embed.FS

// Texts are the texts of the pages, by language and key.
var Texts = readTexts()

// readTexts reads every text. It panics on a text that is said twice or not in every
// language: a fault of the program, found at start.
func readTexts() map[Language]map[string]string {
	entries, err := textFiles.ReadDir("texts")
	if err != nil {
		panic("words: the texts are embedded: " + err.Error())
	}
	all := map[Language]map[string]string{}
	for _, l := range Languages {
		all[l] = map[string]string{}
	}
	for _, entry := range entries {
		raw, err := textFiles.ReadFile(path.Join("texts", entry.Name()))
		if err != nil {
			panic("words: the texts are embedded: " + err.Error())
		}
		var some map[string]map[Language]string
		if err := json.Unmarshal(raw, &some); err != nil {
			panic("words: " + entry.Name() + ": " + err.Error())
		}
		for key, said := range some {
			for _, l := range Languages {
				if said[l] == "" {
					panic("words: the text " + key + " is not said in " + string(l))
				}
				if _, twice := all[l][key]; twice {
					panic("words: the text " + key + " is said twice")
				}
				all[l][key] = said[l]
			}
		}
	}
	return all
}

// Text returns a text in a language, with its arguments in place of %s and %d. For a key
// that nobody says it returns the key.
func Text(l Language, key string, args ...any) string {
	said, ok := Texts[l][key]
	switch {
	case !ok:
		return key
	case len(args) == 0:
		return said
	}
	return fmt.Sprintf(said, args...)
}

// Known says whether a text has this key.
func Known(l Language, key string) bool { _, ok := Texts[l][key]; return ok }
