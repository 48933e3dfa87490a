package lists

import "sleutelbos/http/words"

// DeclareTexts declares the texts of a list with that key, of its views, and of its filters: the
// selects that choose among words, those that are true or false, and what a link may ask for.
func DeclareTexts(texts *words.Book, key string, d Texts) {
	texts.Family("*.search", key)
	texts.Family("*.none", key)
	texts.Family("*.no-match", key)
	for _, view := range d.Views {
		texts.Family("*.view.*", key+" "+view)
	}
	texts.Family("list.any.*", append(append([]string{"organizationId"}, d.Selects...), d.Flags...)...)
	texts.Family("list.*.true", d.Flags...)
	texts.Family("list.*.false", d.Flags...)
	texts.Family("list.of.*", d.Links...)
}

// Texts are what a list has words for, besides those that each has.
type Texts struct{ Views, Selects, Flags, Links []string }
