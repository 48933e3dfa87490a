package typed

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// Username returns the canonical form of a username, under which two spellings are one. It returns
// false for one that nobody may newly choose: RFC 8265 (PRECIS) refuses characters that nobody sees,
// that are others in disguise, or that are no letters, digits or marks of ASCII; and a
// word may not mix letters of scripts that look alike, or have letters of phonetic alphabets. Words are separated by single spaces.
//
// Beyond the RFC case is folded and not only lowered, as in KnownUsernames, so that no two
// accounts differ in ß and ss alone.
func Username(username string) (canonical string, ok bool) {
	words := strings.Split(username, " ")
	for i, word := range words {
		mapped, err := precis.UsernameCaseMapped.String(word)
		if word == "" || err != nil || disguised(word) {
			return "", false
		}
		words[i] = mapped
	}
	return folded(strings.Join(words, " ")), true
}

// KnownUsernames returns the forms under which an account may have claimed what somebody
// typed, the one that counts first. Before there was a rule for new usernames any were claimed
// as they were typed, but for case and composition, and these accounts are still there.
func KnownUsernames(username string) []string {
	before := Caseless(username)
	if now, ok := Username(strings.TrimSpace(username)); ok && now != before {
		return []string{before, now}
	}
	return []string{before}
}

// Caseless returns the form under which two names are one that differ in case, composition or the
// space around them alone. What claims have is made of it, so it stays as it is.
func Caseless(name string) string { return folded(strings.TrimSpace(name)) }

func folded(text string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(text))) }

// alike are the scripts of which letters look the same.
var alike = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu}

// phonetic are letters that transcriptions are written in, among them small capitals, and that look like
// letters that people type.
var phonetic = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0237, 0x0237, 1}, {0x0250, 0x02af, 1}, {0x1d00, 0x1dbf, 1}, {0xa730, 0xa731, 1}, {0xa771, 0xa778, 1}, {0xa7ae, 0xa7b2, 1}, {0xa7fa, 0xa7fa, 1},
		{0xab30, 0xab6f, 1},
	},
}

// living are those of them that languages are written in, and that look like no other letter.
const living = "əɓɖɗɛɔɣɲʃʒɨʉɵ"

// disguised says whether a word has letters of several scripts that look alike, or letters that look like
// one that people type: an i without its dot or with another, a small capital.
func disguised(word string) bool {
	const dotless, dot = 'ı', '\u0307'
	var script *unicode.RangeTable
	var before rune
	for _, r := range strings.ToLower(norm.NFD.String(word)) {
		if r == dotless || r == dot && (before == 'i' || before == 'j') || unicode.Is(phonetic, r) && !strings.ContainsRune(living, r) {
			return true
		}
		before = r
		for _, table := range alike {
			if !unicode.Is(table, r) {
				continue
			}
			if script != nil && script != table {
				return true
			}
			script = table
		}
	}
	return false
}
