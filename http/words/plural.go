package words

import (
	"fmt"
	"regexp"
	"strings"
)

// form is a place of a text that depends on a number: "%d {month|months}" has the word for one
// and the word for every other number, as CLDR names them for Dutch and for English. The number
// is the one before it in the text.
var form = regexp.MustCompile(`%[^a-z]*[a-z]|\{([^{}|]*)\|([^{}|]*)\}`)

// chooseForms chooses the words that fit the numbers of a text.
func chooseForms(text string, args []any) string {
	if !strings.Contains(text, "|") {
		return text
	}
	at := -1 // the argument before the place
	return form.ReplaceAllStringFunc(text, func(place string) string {
		if place[0] == '%' {
			at++
			return place
		}
		if at < 0 || at >= len(args) {
			return formOf(place, "")
		}
		return formOf(place, fmt.Sprint(args[at]))
	})
}

func formOf(place, number string) string {
	one, other, _ := strings.Cut(place[1:len(place)-1], "|")
	if number == "1" {
		return one
	}
	return other
}

// Count chooses the words of a text that fit a number, where the text has the number itself:
// "12 {month|months}".
func Count(text, number string) string {
	return form.ReplaceAllStringFunc(text, func(place string) string {
		if place[0] == '%' {
			return place
		}
		return formOf(place, number)
	})
}
