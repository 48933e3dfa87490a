package words

import (
	"maps"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"sleutelbos/domain/postal"
)

// countryNames are what countries are called, by code.
var countryNames = map[Language]map[string]string{
	Dutch:   regionsIn(Dutch, display.Regions(language.Dutch)),
	English: regionsIn(English, display.Regions(language.English)),
}

// newNames are of countries that changed their name after the data of package display was made, and
// of two that it calls by their place in the state.
var newNames = map[Language]map[string]string{
	Dutch:   {"MK": "Noord-Macedonië", "SZ": "Eswatini", "HK": "Hongkong", "MO": "Macau"},
	English: {"MK": "North Macedonia", "SZ": "Eswatini", "HK": "Hong Kong", "MO": "Macau", "TR": "Türkiye"},
}

func regionsIn(l Language, names display.Namer) map[string]string {
	called := map[string]string{}
	for _, code := range postal.Countries() {
		called[code] = names.Name(language.MustParseRegion(code))
	}
	maps.Copy(called, newNames[l])
	return called
}

// Country says the name of a country by its code; an unknown one is returned as it is.
func Country(l Language, code string) string {
	if name, ok := countryNames[l][code]; ok {
		return name
	}
	return code
}

// Countries returns the codes of all countries, sorted by their names in the language.
func Countries(l Language) []string {
	byName := collate.New(language.MustParse(string(l)))
	return slices.SortedFunc(maps.Keys(countryNames[l]), func(a, b string) int {
		return byName.CompareString(countryNames[l][a], countryNames[l][b])
	})
}
