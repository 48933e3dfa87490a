package listing

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// value is the value of a field in a row. It is a struct rather than an interface because a page
// has thousands of them, and an interface would take memory from the heap for each.
type value struct {
	is     valueKind
	text   string
	number int64
	flag   bool
	at     time.Time
	texts  []string
}

type valueKind int

const (
	isNone valueKind = iota
	isText
	isNumber
	isFlag
	isMoment
	isTexts
)

// read returns a value that is given directly, or as the pointer to it. Nil is none. It panics
// for any other type: a fault of the program, seen by whoever first shows the field.
func read(v any) value {
	switch v := v.(type) {
	case nil:
		return value{}
	case *string:
		return value{is: isText, text: *v}
	case *int64:
		return value{is: isNumber, number: *v}
	case *bool:
		return value{is: isFlag, flag: *v}
	case *time.Time:
		return value{is: isMoment, at: v.UTC()}
	case *[]string:
		return value{is: isTexts, texts: *v}
	case string:
		return value{is: isText, text: v}
	case int64:
		return value{is: isNumber, number: v}
	case bool:
		return value{is: isFlag, flag: v}
	case time.Time:
		return value{is: isMoment, at: v.UTC()}
	case []string:
		return value{is: isTexts, texts: v}
	}
	panic(fmt.Sprintf("listing: a field can't have a %T", v))
}

// empty says whether the value is one that clients get as null, or not at all.
func (v value) empty() bool {
	switch v.is {
	case isNone:
		return true
	case isText:
		return v.text == ""
	case isMoment:
		return v.at.IsZero()
	case isNumber, isFlag, isTexts:
	}
	return false
}

// plain returns the value as one of the few types that readers of a row get: a string, bool, int64,
// time.Time, []string that is not nil, or nil.
func (v value) plain() any {
	switch v.is {
	case isText:
		return v.text
	case isNumber:
		return v.number
	case isFlag:
		return v.flag
	case isMoment:
		return v.at
	case isTexts:
		return append([]string{}, v.texts...)
	case isNone:
	}
	return nil
}

// appendJSON appends the value as JSON.
func (v value) appendJSON(b []byte) ([]byte, error) {
	switch v.is {
	case isText:
		return jsontext.AppendQuote(b, v.text)
	case isNumber:
		return strconv.AppendInt(b, v.number, 10), nil
	case isFlag:
		return strconv.AppendBool(b, v.flag), nil
	case isMoment:
		return append(v.at.AppendFormat(append(b, '"'), time.RFC3339Nano), '"'), nil
	case isTexts:
		return appendTexts(b, v.texts)
	case isNone:
	}
	return append(b, "null"...), nil
}

func appendTexts(b []byte, texts []string) ([]byte, error) {
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = jsontext.AppendQuote(b, text); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}
