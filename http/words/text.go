package words

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"sleutelbos/eventstore/catalog"
)

// Key names a text of the pages. A key with stars names a family of texts: the arguments take the
// places of the stars, so "act.*" with "block" is the text "act.block". A key is always written
// out; a Book checks those of the templates and the members of each family at the start, and a
// test those of the sources.
type Key string

// The texts: a file for each subject, with every text in both languages. Beside the texts of
// the pages they have what the subject's fields (field.validUntil), commands (deed.BlockAccount),
// refusals (refused.username-taken) and the values of its sets (set.role.admin) are called; see table.
//
//go:embed texts
var textFiles embed.FS

// all are all texts. They are read once and never changed.
var all = readTexts()

// texts are the texts of the pages.
var texts = func() map[Language]map[Key]string {
	pages := map[Language]map[Key]string{}
	for l, said := range all {
		pages[l] = maps.Clone(said)
		maps.DeleteFunc(pages[l], func(key Key, _ string) bool {
			return slices.ContainsFunc(tables, func(begin string) bool { return strings.HasPrefix(string(key), begin) })
		})
	}
	return pages
}()

// tables are how the keys begin that are no texts of pages but the names of things.
var tables = []string{"field.", "deed.", refusal, values, sheet}

const (
	refusal = "refused."
	values  = "set."   // of the sets, by the set and the value
	sheet   = "sheet." // of a list as a file, by its operation
)

// table returns what things are called whose keys begin like this, by the rest of the key.
func table(begin string) map[Language]map[string]string {
	names := map[Language]map[string]string{}
	for l, texts := range all {
		names[l] = map[string]string{}
		for key, said := range texts {
			if name, ok := strings.CutPrefix(string(key), begin); ok {
				names[l][name] = said
			}
		}
	}
	return names
}

// Refusals returns the sentences of refusals by their codes.
func Refusals() map[string]catalog.Says {
	sentences := map[string]catalog.Says{}
	said := table(refusal)
	for code, dutch := range said[Dutch] {
		sentences[code] = catalog.Says{NL: dutch, EN: said[English][code]}
	}
	return sentences
}

// readTexts reads every text. It panics on a text that is said twice or not in every
// language: a fault of the program, found at start.
func readTexts() map[Language]map[Key]string {
	entries, err := textFiles.ReadDir("texts")
	if err != nil {
		panic("words: the texts are embedded: " + err.Error())
	}
	all := map[Language]map[Key]string{}
	for _, l := range Languages {
		all[l] = map[Key]string{}
	}
	for _, entry := range entries {
		raw, err := textFiles.ReadFile(path.Join("texts", entry.Name()))
		if err != nil {
			panic("words: the texts are embedded: " + err.Error())
		}
		var some map[Key]map[Language]string
		if err := json.Unmarshal(raw, &some); err != nil {
			panic("words: " + entry.Name() + ": " + err.Error())
		}
		for key, said := range some {
			for _, l := range Languages {
				if said[l] == "" {
					panic("words: the text " + string(key) + " is not said in " + string(l))
				}
				if _, twice := all[l][key]; twice {
					panic("words: the text " + string(key) + " is said twice")
				}
				all[l][key] = said[l]
			}
		}
	}
	return all
}

// Text returns a text in a language, with its arguments in place of %s and %d; those of a family
// come first. It panics on a key that nobody says, a fault of the program.
func Text(l Language, key Key, args ...any) string {
	said, err := TryText(l, key, args...)
	if err != nil {
		panic(err.Error())
	}
	return said
}

// TryText does what Text does, and returns an error for a key that nobody says.
func TryText(l Language, key Key, args ...any) (string, error) {
	for strings.Contains(string(key), "*") && len(args) > 0 {
		key, args = Key(strings.Replace(string(key), "*", fmt.Sprint(args[0]), 1)), args[1:]
	}
	said, ok := texts[l][key]
	switch {
	case !ok:
		return "", fmt.Errorf("words: nobody says the text %s", key)
	case len(args) == 0:
		return said, nil
	}
	return fmt.Sprintf(chooseForms(said, args), args...), nil
}

// Known reports whether there is a text with this key.
func Known(key Key) bool { _, ok := texts[English][key]; return ok }

// Keys returns the keys of all texts, sorted.
func Keys() []Key { return slices.Sorted(maps.Keys(texts[English])) }
