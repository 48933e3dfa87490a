package eventstore

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"math/bits"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A replay reads millions of small flat objects that this program wrote. The decoder below
// reads that form only. It declines any other (with white space, an unknown or repeated
// member, or a value of another kind), which the general decoder then reads. The two never
// read the same text differently. What it wins is measured in docs/adr/0015.

// object walks over the members of a JSON object without white space.
type object struct {
	text []byte
	at   int
	odd  bool // the text is not of the form, and nothing that was read from it may be used
}

// value is a member's value as it stands in the text.
type value struct {
	raw   []byte
	plain bool // a string of plain ASCII without escapes
}

// next returns the name and the value of the next member, and false at the end or if the
// text is odd.
func (o *object) next() (name []byte, v value, ok bool) {
	if o.odd || o.at >= len(o.text) {
		o.odd = true
		return nil, value{}, false
	}
	first := o.at == 0
	switch c := o.text[o.at]; {
	case first && c == '{' && len(o.text) == 2 && o.text[1] == '}':
		return nil, value{}, false
	case first && c == '{', !first && c == ',':
		o.at++
	case !first && c == '}' && o.at == len(o.text)-1:
		return nil, value{}, false
	default:
		o.odd = true
		return nil, value{}, false
	}
	start := o.at
	if end := plainString(o.text, start); end > 0 && end < len(o.text) && o.text[end] == ':' {
		name, o.at = o.text[start+1:end-1], end+1
		end = plainString(o.text, o.at)
		if v.plain = end > 0; !v.plain {
			end = valueEnd(o.text, o.at)
		}
		if end > o.at {
			v.raw, o.at = o.text[o.at:end], end
			return name, v, true
		}
	}
	o.odd = true
	return nil, value{}, false
}

const (
	everyByte = 0x0101010101010101
	highBits  = 0x80 * everyByte
)

// special marks the bytes of a word that end a run of plain characters: control
// characters, the quote, the backslash and whatever is not ASCII. Only the lowest mark is
// certain to be right.
func special(word uint64) uint64 {
	control := word - ' '*everyByte
	quote := (word ^ '"'*everyByte) - everyByte
	backslash := (word ^ '\\'*everyByte) - everyByte
	return (word | control | quote | backslash) & highBits
}

// plainString returns where the string of plain ASCII that starts here ends, or 0 if there
// is none.
func plainString(text []byte, start int) (end int) {
	if start >= len(text) || text[start] != '"' {
		return 0
	}
	i := start + 1
	for ; i+8 <= len(text); i += 8 {
		if marks := special(binary.LittleEndian.Uint64(text[i:])); marks != 0 {
			if i += bits.TrailingZeros64(marks) / 8; text[i] == '"' {
				return i + 1
			}
			return 0
		}
	}
	for ; i < len(text) && special(uint64(text[i])|'a'*(everyByte-1)) == 0; i++ {
	}
	if i < len(text) && text[i] == '"' {
		return i + 1
	}
	return 0
}

// valueEnd returns where the value that starts here ends, or 0 if there is none.
func valueEnd(text []byte, start int) (end int) {
	depth := 0
	for i := start; i < len(text); {
		switch text[i] {
		case '"':
			if i = stringEnd(text, i); i == 0 {
				return 0
			}
		case '{', '[':
			depth++
			i++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
			i++
		case ',':
			if depth == 0 {
				return i
			}
			i++
		case ' ', '\t', '\r', '\n':
			return 0
		default:
			i++
			if depth > 0 || i < len(text) && text[i] != '"' && text[i] != '{' && text[i] != '[' {
				continue
			}
			return 0
		}
		if depth == 0 {
			return i
		}
	}
	return 0
}

func stringEnd(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return 0
}

// text returns the value as a string, and false if it is not one.
func (v value) text() (string, bool) {
	if v.plain {
		return string(v.raw[1 : len(v.raw)-1]), true
	}
	if v.raw[0] != '"' {
		return "", false
	}
	plain, err := jsontext.AppendUnquote(nil, v.raw)
	return string(plain), err == nil
}

func (v value) int() (int64, bool) {
	digits := bytes.TrimPrefix(v.raw, []byte("-"))
	if len(digits) == 0 || digits[0] < '0' || digits[0] > '9' || digits[0] == '0' && len(v.raw) > 1 {
		return 0, false
	}
	n, err := strconv.ParseInt(string(v.raw), 10, 64)
	return n, err == nil
}

func (v value) time() (at time.Time, ok bool) {
	ok = v.plain && at.UnmarshalText(v.raw[1:len(v.raw)-1]) == nil
	return at, ok
}

// layout is how to read the JSON of one Go type of event.
type layout struct {
	fields []field
}

type field struct {
	index int
	name  string
	read  func(from value, v reflect.Value) bool
}

// layoutOf returns the layout of a struct, or nil if the struct has a field that only the
// general decoder can read.
func layoutOf(t reflect.Type) *layout {
	l := &layout{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous || strings.ContainsAny(name, `'"\`):
			return nil
		case options != "" && options != "omitempty" && options != "omitzero":
			return nil
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		l.fields = append(l.fields, field{index: i, name: name, read: readerOf(f.Type)})
	}
	if len(l.fields) > 64 {
		return nil // one word has a bit for each member that was seen
	}
	return l
}

var unmarshalers = []reflect.Type{
	reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[encoding.TextUnmarshaler](),
}

func readerOf(t reflect.Type) func(value, reflect.Value) bool {
	if t == reflect.TypeFor[time.Time]() {
		return func(from value, v reflect.Value) bool {
			at, ok := from.time()
			if ok {
				*v.Addr().Interface().(*time.Time) = at
			}
			return ok
		}
	}
	custom := slices.ContainsFunc(unmarshalers, reflect.PointerTo(t).Implements)
	switch {
	case !custom && t.Kind() == reflect.String:
		return func(from value, v reflect.Value) bool {
			text, ok := from.text()
			if ok {
				v.SetString(text)
			}
			return ok
		}
	case !custom && t.Kind() == reflect.Bool:
		return func(from value, v reflect.Value) bool {
			yes := string(from.raw) == "true"
			v.SetBool(yes)
			return yes || string(from.raw) == "false"
		}
	case !custom && t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return func(from value, v reflect.Value) bool {
			n, ok := from.int()
			if ok = ok && !v.OverflowInt(n); ok {
				v.SetInt(n)
			}
			return ok
		}
	}
	return func(from value, v reflect.Value) bool {
		return json.Unmarshal(from.raw, v.Addr().Interface()) == nil
	}
}

// read fills a struct and returns whether the text is of the form. If it is not, the struct
// may be half-filled. Members mostly come in the order of the fields.
func (l *layout) read(text []byte, v reflect.Value) bool {
	o, expected, seen := object{text: text}, 0, uint64(0)
	for name, from, ok := o.next(); ok; name, from, ok = o.next() {
		at := -1
		for range l.fields {
			if expected == len(l.fields) {
				expected = 0
			}
			if l.fields[expected].name == string(name) {
				at = expected
			}
			expected++
			if at >= 0 {
				break
			}
		}
		if at < 0 || seen&(1<<at) != 0 || !l.fields[at].read(from, v.Field(l.fields[at].index)) {
			return false
		}
		seen |= 1 << at
	}
	return !o.odd
}
