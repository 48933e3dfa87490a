package typed

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold joins the parts by spaces in the form in which people search: folded to small letters
// without accents, with single spaces, and without what nobody sees or types. Letters that
// Unicode takes for letters of their own are folded as people type them who lack the key.
func Fold(parts ...string) string {
	if len(parts) == 1 && simple(parts[0]) {
		return parts[0]
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(strings.Join(parts, " "), ""), "´", "'") // NFKD takes it for a space and an accent
	text = cases.Fold().String(norm.NFKD.String(text))
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range text {
		switch plain, special := plainLetters[r]; {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = b.Len() > 0
			continue
		case unicode.Is(unicode.M, r) || Unseen(r):
			continue
		case special && plain == "":
			continue
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			if special {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// Searched joins the parts by spaces in the form in which they are found: as Fold, and once more as
// people write them who lack a letter and take two for it, so that Đoković is found as Dokovic and as
// Djokovic, Müller as Muller and as Mueller.
func Searched(parts ...string) string {
	text := Fold(parts...)
	var again []string
	for _, part := range parts {
		for word := range strings.FieldsSeq(norm.NFC.String(part)) {
			if spelled := twoLetters.Replace(word); spelled != word {
				again = append(again, spelled)
			}
		}
	}
	if len(again) == 0 {
		return text
	}
	return text + " " + Fold(again...)
}

// twoLetters are the letters for which people write two.
var twoLetters = strings.NewReplacer(
	"đ", "dj", "Đ", "dj", "ø", "oe", "Ø", "oe", "å", "aa", "Å", "aa", "ä", "ae", "Ä", "ae", "ö", "oe", "Ö", "oe", "ü", "ue", "Ü", "ue", "ð", "dh", "Ð", "dh",
)

// plainLetters are the letters that NFKD does not take apart, with what people type for them,
// and the marks between letters that they leave out.
var plainLetters = map[rune]string{
	'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ı': "i", 'ĸ': "k", 'ƶ': "z", 'ɨ': "i", 'ɉ': "j", 'ƀ': "b", 'ɖ': "d",
	'ǥ': "g", 'ɫ': "l", 'ə': "e", 'ɛ': "e", 'ɔ': "o", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y", 'ȼ': "c", 'ɇ': "e", 'ƒ': "f",
	'æ': "ae", 'œ': "oe", 'þ': "th", 'ß': "ss", 'ĳ': "ij",
	'\'': "", '’': "", '‘': "", '‛': "", 'ʼ': "", 'ʹ': "", 'ʿ': "", 'ʾ': "", '`': "", '´': "", '′': "",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-",
}

// simple says whether a text is in folded form as it is, as most parts of addresses are.
func simple(text string) bool {
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' || c <= ' ' || c == '\'' || c == '`' || c == 0x7f {
			return false
		}
	}
	return true
}

// Version is raised when what Fold, Searched, FoldPhone or SortKey makes of a text changes, so that what is kept
// of texts is made anew.
const Version = 4

// MaxWords is how many words of a search are looked for.
const MaxWords = 12

// Words returns the words of a search, folded and each of them once, the longest first. A row is
// found if its text holds each of them, anywhere. What looks like a telephone number is one word,
// whatever stands between its digits.
func Words(search string) []string {
	if number, ok := dialed(search); ok {
		return []string{number}
	}
	var words []string
	for word := range strings.FieldsSeq(Fold(search)) {
		if word = strings.Trim(word, ",;"); word != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	words = words[:min(len(words), MaxWords)]
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return words
}
