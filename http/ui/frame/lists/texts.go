package lists

import (
	"slices"
	"time"

	"sleutelbos/http/words"
)

// shared are the texts that lists share, by what l.Says names.
var shared = []words.Key{
	"*.filter", "*.views", "*.filters", "*.without", "*.clear", "*.select-all", "*.select", "*.selected", "*.selected-one", "*.selected-many", "*.actions",
	"*.pages", "*.first", "*.next",
}

// Declare declares the members of the families of texts that the list uses.
func (l List[Item, Row]) Declare(texts *words.Book) {
	for _, key := range []words.Key{"*.title", "*.search", "*.none", "*.no-match"} {
		texts.Family(key, l.Key)
	}
	for _, key := range shared {
		texts.Family(key, l.Says)
	}
	for _, f := range l.Filters {
		if f.Of != "" {
			continue
		}
		texts.Family("list.any.*", f.Name)
		if f.Flag {
			texts.Family("list.*.true", f.Name)
			texts.Family("list.*.false", f.Name)
		}
	}
	for _, name := range l.Links {
		texts.Family("*.of.*", l.Says+" "+name)
	}
	for _, p := range l.Thing.Parameters() {
		named := slices.ContainsFunc(l.Filters, func(f Filter) bool { return f.Of != "" && f.Name == p.Name })
		if l.EveryChip && !named && !slices.Contains(notFilters, p.Name) {
			texts.Family("*.of.*", l.Says+" "+p.Name)
		}
	}
	if l.Views.All == nil {
		return
	}
	for _, view := range l.Views.All(time.Time{}) {
		texts.Family("*.view.*", l.Key+" "+view.Key)
	}
}
