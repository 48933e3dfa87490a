// Package words holds what the program says to persons: the two languages, a sentence for
// every stored event, names of fields. It reads nothing and decides nothing.
package words

import (
	"context"
	"net/http"

	"golang.org/x/text/language"
)

// Language is one that the program speaks.
type Language string

// The languages.
const (
	Dutch   Language = "nl"
	English Language = "en"
)

// Languages are all that the program speaks.
var Languages = []Language{English, Dutch}

// Cookie is the name of the cookie in which a person's choice of language is kept.
const Cookie = "language"

// matched has the order of Languages; the first is for whoever asks for neither.
var matcher = language.NewMatcher([]language.Tag{language.English, language.Dutch})

// Parse returns the language with that name; false if the program does not speak it.
func Parse(name string) (Language, bool) {
	for _, l := range Languages {
		if string(l) == name {
			return l, true
		}
	}
	return English, false
}

// FromRequest returns the reader's language: the choice in the cookie, or else the best
// of Accept-Language, or else English.
func FromRequest(r *http.Request) Language {
	if c, err := r.Cookie(Cookie); err == nil {
		if l, ok := Parse(c.Value); ok {
			return l
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return English
	}
	_, index, _ := matcher.Match(tags...)
	return Languages[index]
}

type contextKey struct{}

// With returns a context that carries the reader's language.
func With(ctx context.Context, l Language) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// Of returns the reader's language; English where none was set.
func Of(ctx context.Context) Language {
	if l, ok := ctx.Value(contextKey{}).(Language); ok {
		return l
	}
	return English
}
