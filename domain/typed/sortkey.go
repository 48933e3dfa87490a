package typed

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// maxSortKey bounds a key, because indexes take no longer ones. Names that differ behind it are
// few, and what breaks ties puts them in some order.
const maxSortKey = 1000

// collator orders as Dutch does, without regard to case and accents. It serves one caller at a time.
type collator struct {
	*collate.Collator
	buffer collate.Buffer // four kilobytes, which are better not made anew for each key
}

var collators = sync.Pool{New: func() any {
	return &collator{Collator: collate.New(language.Dutch, collate.IgnoreCase, collate.IgnoreDiacritics, collate.IgnoreWidth)}
}}

// SortKey returns a text that sorts bytewise as a name sorts among names to a Dutch reader: Ærø before Zed, and
// 't Hart at the t. Names that differ in case, accents or marks alone have one key.
func SortKey(name string) string {
	plain := strings.Map(func(r rune) rune {
		if Unseen(r) || unicode.In(r, unicode.P, unicode.Sk, unicode.Lm) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	c := collators.Get().(*collator) //nolint:forcetypeassert // nothing else is in the pool
	defer collators.Put(c)
	c.buffer.Reset()
	key := hex.EncodeToString(c.KeyFromString(&c.buffer, strings.Join(strings.Fields(plain), " ")))
	return key[:min(len(key), maxSortKey)]
}
