package frame

import (
	"fmt"
	"html/template"

	"sleutelbos/commands/engine"
	"sleutelbos/http/words"
)

// fieldFunctions are what templates call to draw the field of a form.
func fieldFunctions(l words.Language, offers *engine.Commands) template.FuncMap {
	several := linesOf(offers)
	return template.FuncMap{
		"lines":     func(name string) bool { return several[name] },
		"fact":      func(name string, value any) string { return words.FactValue(l, name, value) },
		"countries": func() []Option { return countries(l) },
		"country":   func(code string) string { return words.Country(l, code) },
	}
}

// linesOf returns the members of bodies whose fields take several lines: texts that may have
// them, and lists, of which each line is one. It panics if a name has lines in one body and not in another.
func linesOf(offers *engine.Commands) map[string]bool {
	several := map[string]bool{}
	for _, c := range offers.List() {
		for name, member := range c.Body.Properties {
			takes := member.Lines || member.Items != nil
			if before, known := several[name]; known && before != takes {
				panic(fmt.Sprintf("ui: %s takes several lines in some commands and one in %s", name, c.Name))
			}
			several[name] = takes
		}
	}
	return several
}

// countries returns the countries as choices, by name.
func countries(l words.Language) []Option {
	var all []Option
	for _, code := range words.Countries(l) {
		all = append(all, Option{code, words.Country(l, code)})
	}
	return all
}
